import type { EventCodec, EventContract } from '@eda/kafka';
import { PermanentError } from '@eda/kafka';

/** An event for tests of the Kafka library, which must not know any contract. */
export interface Note {
  readonly key: string;
  readonly text: string;
}

/** A contract for notes on `topic`. */
export function noteContract(topic: string): EventContract<Note> {
  return { type: 'test.Note', topic, subject: `${topic}-value`, key: ({ key }) => key };
}

function traceOf({ traceparent, tracestate }: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}

/** A codec without a registry: events as JSON. What is not JSON is poison, as garbage is for the real one. */
export const jsonCodec: EventCodec = {
  encode: (contract, event) => ({
    topic: contract.topic,
    key: Buffer.from(event.key),
    value: Buffer.from(JSON.stringify(event)),
    headers: { ce_id: event.id, ce_type: event.type, ...traceOf(event.extensions) },
  }),
  decode: (_contract, record) => {
    try {
      const event = JSON.parse(record.value?.toString() ?? '') as Parameters<EventCodec['encode']>[1];
      return { ...event, time: new Date(event.time) } as never;
    } catch (cause) {
      throw new PermanentError('the value is not an event', { code: 'NOT_AN_EVENT', cause });
    }
  },
};
