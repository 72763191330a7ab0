import { describe, expect, it } from 'vitest';
import { causedBy, runCausedBy } from './correlation.ts';
import { encodeEvent } from './encode-event.ts';
import type { EventCodec, EventContract, EventEnvelope } from './types.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('an event caused by another', () => {
  it('carries on its correlation and names it as cause', () => {
    expect(causedBy({ id: 'e1', extensions: { correlationid: 'c1' } })).toEqual({
      correlationid: 'c1',
      causationid: 'e1',
    });
  });

  it('begins a correlation with the id of an event that has none', () => {
    expect(causedBy({ id: 'e1', extensions: {} })).toEqual({ correlationid: 'e1', causationid: 'e1' });
  });
});

describe('an event made inside a handler', () => {
  const contract: EventContract<{ k: string }> = {
    type: 't',
    topic: 'topic',
    subject: 's',
    key: ({ k }) => k,
  };
  const encoded: EventEnvelope<unknown>[] = [];
  const codec: EventCodec = {
    encode: (_contract, event) => {
      encoded.push(event);
      return { topic: 'topic', key: null, value: null, headers: {} };
    },
    decode: () => {
      throw new Error('not used');
    },
  };
  const make = (extensions: Record<string, string> = {}) =>
    encodeEvent({ codec, source: '/test', contract, data: { k: 'a' }, options: { extensions } });

  it('inherits the correlation of the handled event, across awaits, unless it has its own', async () => {
    encoded.length = 0;

    await runCausedBy({ id: 'e1', extensions: { correlationid: 'c1' } }, async () => {
      await Promise.resolve();
      make();
      make({ correlationid: 'own' });
    });
    make();

    expect(encoded.map(({ extensions }) => extensions)).toEqual([
      { correlationid: 'c1', causationid: 'e1' },
      { correlationid: 'own', causationid: 'e1' },
      {},
    ]);
  });

  it('passes the trace of the handled event on as it is, when no spans are made here, and drops one that is not valid', () => {
    encoded.length = 0;

    for (const traceparent of [PARENT, 'garbage', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`])
      runCausedBy({ id: 'e1', extensions: { traceparent, tracestate: 'a=b' } }, () => make());

    const traces = encoded.map(({ extensions }) => [extensions['traceparent'], extensions['tracestate']]);
    expect(traces).toEqual([
      [PARENT, 'a=b'],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});
