/** The event of the matrix and its codec: small, without a registry, and able to say everything that the oracle asks. */
import { type AnyEventContract, createCodec, createSchemaCatalog } from '@eda/contracts';
import { type EventCodec, type EventContract, PermanentError } from '@eda/kafka';
import type { EventKind, LoadEvent } from './load.ts';

export interface FaultEvent {
  readonly id: string;
  readonly key: string;
  readonly sequence: number;
  readonly kind: EventKind;
}

/** The same event for a codec with a schema registry: Avro. */
export function avroFaultContract(topic: string): AnyEventContract {
  return { ...faultContract(topic), kind: 'event', schema: AVRO_SCHEMA, fingerprint: '' };
}

const AVRO_SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Happened',
  namespace: 'eda.faults.v1',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'key', type: 'string' },
    { name: 'sequence', type: 'int' },
    { name: 'kind', type: 'string' },
  ],
});

/** The codec of a program: our own, or that of services with the registry at `registryUrl`, which it waits for. */
export async function codecFor(
  topic: string,
  registryUrl: string | undefined,
  onWaiting: () => void,
): Promise<EventCodec> {
  if (registryUrl === undefined) return faultCodec;
  const contracts = [avroFaultContract(topic)];
  return createCodec(await createSchemaCatalog({ registryUrl, contracts, onWaiting }));
}

/** Begins a value whose schema nobody has. */
const UNKNOWN_SCHEMA = 0;
const GARBAGE = Buffer.from([0xff, 0xfe, 0xfd, 0x00, 0x80]);

/** The contract on `topic`. */
export function faultContract(topic: string): EventContract<FaultEvent> {
  return { type: 'eda.faults.v1.Happened', topic, subject: `${topic}-value`, key: ({ key }) => key };
}

/** Events as JSON, and values that are none for the kinds that must not be readable. */
export const faultCodec: EventCodec = {
  encode: (contract, event) => ({
    topic: contract.topic,
    key: Buffer.from(event.key),
    value: valueOf(event.data as FaultEvent),
    headers: {
      ce_id: event.id,
      ce_type: event.type,
      ce_source: event.source,
      ce_time: event.time.toISOString(),
    },
  }),
  decode: (contract, record) => {
    const bytes = record.value ?? Buffer.alloc(0);
    if (bytes[0] === UNKNOWN_SCHEMA)
      throw new PermanentError('the schema is not known', { code: 'UNKNOWN_SCHEMA' });
    let data: FaultEvent;
    try {
      data = JSON.parse(bytes.toString('utf8')) as FaultEvent;
    } catch (cause) {
      throw new PermanentError('the value is no event', { code: 'NOT_AN_EVENT', cause });
    }
    const header = (name: string) => String(record.headers[name]);
    return {
      id: header('ce_id'),
      type: contract.type,
      source: header('ce_source'),
      time: new Date(header('ce_time')),
      key: data.key,
      data: data as never,
      extensions: {},
    };
  },
};

/** What is published for an event of the load. */
export function toFaultEvent({ id, key, sequence, kind }: LoadEvent): FaultEvent {
  return { id, key, sequence, kind };
}

function valueOf(event: FaultEvent): Buffer {
  const json = Buffer.from(JSON.stringify(event));
  if (event.kind === 'garbage') return Buffer.concat([GARBAGE, json]);
  if (event.kind === 'unknown-schema') return Buffer.concat([Buffer.from([UNKNOWN_SCHEMA]), json]);
  return json;
}
