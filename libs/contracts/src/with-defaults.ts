import type { Type } from 'avsc';
import { avroType } from './avro-type.ts';
import type { EventContract } from './event-contract.ts';
import { describeWrongValues } from './wrong-values.ts';

const types = new WeakMap<object, Type>();

/**
 * Returns the event with the defaults of its schema filled in. Throws `SerializationError` with every wrong place
 * when it does not fit the schema.
 */
export function withDefaults<Event, Input>(contract: EventContract<Event, Input>, input: Input): Event {
  const type = types.get(contract) ?? avroType(contract.schema);
  types.set(contract, type);
  let bytes;
  try {
    bytes = type.toBuffer(input);
  } catch (error) {
    throw describeWrongValues(type, input, error);
  }
  return type.fromBuffer(bytes) as Event;
}
