import type { EventCodec, EventContract, EventEnvelope, RawRecord } from '@eda/kafka';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from './decode-record.ts';

const contract: EventContract<unknown> = { type: 't', topic: 't', subject: 't-value', key: () => '' };
const record: RawRecord = {
  topic: 't',
  partition: 0,
  offset: 0n,
  timestamp: new Date(0),
  key: null,
  value: null,
  headers: {},
};
const event = { id: 'e' } as EventEnvelope<never>;
const registryAway = Object.assign(new Error('the registry does not answer'), { verdict: 'transient' });
const garbage = Object.assign(new Error('garbage'), { verdict: 'poison' });

function codecWith(decode: () => EventEnvelope<never> | Promise<EventEnvelope<never>>): EventCodec {
  return {
    encode: () => {
      throw new Error('not here');
    },
    decode,
  };
}

describe('decoding a record', () => {
  it('answers at once when nobody has to be asked', () => {
    expect(
      decodeRecord(
        codecWith(() => event),
        contract,
        record,
      ),
    ).toBe(event);
  });

  it('gives the reason when it is impossible', async () => {
    const thrown = codecWith(() => {
      throw garbage;
    });
    expect(decodeRecord(thrown, contract, record)).toBe(garbage);
    expect(
      await decodeRecord(
        codecWith(() => Promise.reject(garbage)),
        contract,
        record,
      ),
    ).toBe(garbage);
  });

  it('waits for a registry that is away', async () => {
    let asked = 0;
    const codec = codecWith(() => {
      asked += 1;
      return asked === 1 ? Promise.reject(registryAway) : event;
    });
    expect(await decodeRecord(codec, contract, record)).toBe(event);
    expect(asked).toBe(2);
  });

  it('shows why when the registry stays away', async () => {
    expect(
      await decodeRecord(
        codecWith(() => Promise.reject(registryAway)),
        contract,
        record,
        50,
      ),
    ).toBe(registryAway);
  });
});
