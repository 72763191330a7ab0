import { describe, expect, it, onTestFinished } from 'vitest';
import { createHealth, type HealthOptions } from './health.ts';

function health(options?: HealthOptions) {
  const created = createHealth(options);
  onTestFinished(() => created.close());
  return created;
}

describe('readiness', () => {
  it('is given when every check passes, with what the checks tell', async () => {
    const { addReadiness, ready } = health();
    addReadiness('database', () => undefined);
    addReadiness('schemas', () => Promise.resolve({ resolved: 4 }));
    expect(await ready()).toEqual({
      status: 'ok',
      checks: [
        { name: 'database', status: 'ok' },
        { name: 'schemas', status: 'ok', detail: { resolved: 4 } },
      ],
    });
  });

  it('fails with the reason of each failing check, thrown or rejected', async () => {
    const { addReadiness, ready } = health();
    addReadiness('a', () => {
      throw new Error('not yet');
    });
    addReadiness('b', () =>
      Promise.reject(new AggregateError([new Error('refused ::1'), new Error('refused 127.0.0.1')])),
    );
    addReadiness('c', () => undefined);
    const { status, checks } = await ready();
    expect(status).toBe('failing');
    expect(checks.map(({ reason }) => reason)).toEqual([
      'not yet',
      'refused ::1; refused 127.0.0.1',
      undefined,
    ]);
  });

  it('fails a check that does not answer in time', async () => {
    const { addReadiness, ready } = health({ checkTimeoutMs: 20 });
    addReadiness('database', () => new Promise(() => undefined));
    expect((await ready()).checks[0]).toMatchObject({ status: 'failing', reason: 'no answer within 20 ms' });
  });

  it('is not decided by what is only informative', async () => {
    const { addInfo, ready } = health();
    addInfo('broker', () => {
      throw new Error('unreachable');
    });
    expect(await ready()).toEqual({
      status: 'ok',
      checks: [{ name: 'broker', status: 'info', reason: 'unreachable' }],
    });
  });

  it('ends with draining, liveness does not', async () => {
    const { drain, ready, live } = health();
    drain();
    expect((await ready()).status).toBe('draining');
    expect((await live()).status).toBe('ok');
  });

  it('asks a slow dependency once for all that wait at the same time', async () => {
    const { addReadiness, ready } = health();
    let asked = 0;
    addReadiness('database', () => void (asked += 1));
    await Promise.all([ready(), ready(), ready()]);
    expect(asked).toBe(1);
    await ready();
    expect(asked).toBe(2);
  });

  it('refuses two checks of one name', () => {
    const { addReadiness } = health();
    addReadiness('database', () => undefined);
    expect(() => addReadiness('database', () => undefined)).toThrow(/"database"/);
  });
});

describe('liveness', () => {
  it('fails when registered progress stands still', async () => {
    const { addLiveness, live } = health();
    addLiveness('consumer', () => {
      throw new Error('no progress for 60 s');
    });
    expect(await live()).toMatchObject({
      status: 'failing',
      checks: [
        { name: 'event-loop', status: 'ok' },
        { name: 'consumer', reason: 'no progress for 60 s' },
      ],
    });
  });

  it('fails when the event loop was stuck since the last look', async () => {
    const { live } = health({ maxEventLoopDelayMs: 100 });
    // The delay is sampled by a timer of 20 ms: a timer that fires later comes after a sample.
    const sampled = () => new Promise((resolve) => setTimeout(resolve, 50));
    await sampled();
    expect((await live()).status).toBe('ok');
    await sampled();
    const until = Date.now() + 1_000;
    while (Date.now() < until);
    await sampled();
    expect((await live()).checks[0]?.reason).toMatch(/event loop is \d+ ms late/);
  });
});
