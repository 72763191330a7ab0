import { describe, expect, it } from 'vitest';
import {
  isUnsampled,
  readTraceContext,
  traceHeadersOf,
  writeOwnContext,
  writeTraceContext,
} from './trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('W3C trace context', () => {
  it('is written as it was read', () => {
    const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=1,b=2' };

    const context = readTraceContext(headers);

    expect(context).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true });
    expect(writeTraceContext(context)).toEqual(headers);
  });

  it.each(['00', '01', '02', 'ff'])(
    'keeps its flags %s, and is known as unsampled where they say so',
    (flags) => {
      const traceparent = `00-${TRACE}-${SPAN}-${flags}`;

      expect(writeTraceContext(readTraceContext({ traceparent }))).toEqual({ traceparent });
      expect(isUnsampled({ traceparent })).toBe(flags === '00' || flags === '02');
    },
  );

  it.each([
    undefined,
    'garbage',
    `01-${TRACE}-${SPAN}-00`,
    `00-${'0'.repeat(32)}-${SPAN}-00`,
    `00-${TRACE}-${'0'.repeat(16)}-00`,
  ])('leaves it open whether %s is sampled', (traceparent) => {
    expect(isUnsampled(traceparent === undefined ? {} : { traceparent })).toBe(false);
  });

  it('lets a tracing system put its own entry in front', () => {
    const { traceState } =
      readTraceContext({
        traceparent: `00-${TRACE}-${SPAN}-01`,
        tracestate: 'a=1, b=2',
      }) ?? {};

    expect(traceState?.get('b')).toBe('2');
    expect(traceState?.set('b', '3').serialize()).toBe('b=3,a=1');
    expect(traceState?.unset('a').serialize()).toBe('b=2');
  });

  it('of a later version is read by its first four fields', () => {
    expect(readTraceContext({ traceparent: `01-${TRACE}-${SPAN}-00-more` })).toMatchObject({
      spanId: SPAN,
      traceFlags: 0,
    });
  });

  it.each([
    '',
    'garbage',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  ])('is none when it is not valid: %s', (traceparent) => {
    expect(readTraceContext({ traceparent })).toBeUndefined();
  });

  it('is none where the header stands twice, and nothing is written for a place that is none', () => {
    const header = Buffer.from(`00-${TRACE}-${SPAN}-01`);

    expect(traceHeadersOf({ traceparent: [header, header] })).toEqual({});
    const none = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };
    expect(writeTraceContext(none)).toEqual({});
    expect(writeOwnContext(none)).toEqual({});
    expect(writeTraceContext({ traceId: 'garbage', spanId: SPAN, traceFlags: 0 })).toEqual({});
  });
});
