import { describe, expect, it } from 'vitest';
import { RUN_HEADER, runHeader, RunHolder, type RunState } from './redrive-run.ts';
import type { RawRecord } from './types.ts';

const LEASE = 1000;

function says(run: string, state: RunState, at: number): RawRecord {
  return {
    topic: 't.g.dlq',
    partition: 0,
    offset: 0n,
    timestamp: new Date(at),
    key: null,
    value: null,
    headers: { [RUN_HEADER]: Buffer.from(runHeader(run, state)) },
  };
}

function holder(...records: RawRecord[]): RunHolder {
  const runs = new RunHolder(LEASE);
  for (const record of records) runs.observe(record);
  return runs;
}

describe('who redrives a partition', () => {
  it('is the first to begin, until that one ends', () => {
    const both = [says('a', 'begin', 0), says('b', 'begin', 10)];

    expect(holder(...both).at(20)).toBe('a');
    expect(holder(...both, says('a', 'end', 20)).at(20)).toBeUndefined();
    expect(holder(...both, says('a', 'end', 20), says('c', 'begin', 30)).at(30)).toBe('c');
  });

  it('is the next to begin after the first was silent for longer than the lease', () => {
    const silent = says('a', 'begin', 0);

    expect(holder(silent, says('b', 'begin', LEASE)).at(LEASE)).toBe('a');
    expect(holder(silent, says('b', 'begin', LEASE + 1)).at(LEASE + 1)).toBe('b');
    expect(holder(silent, says('a', 'work', 900), says('b', 'begin', LEASE + 1)).at(LEASE + 1)).toBe('a');
  });

  it('is not who came back after losing it, nor who ends what is not its own', () => {
    const lost = [says('a', 'begin', 0), says('b', 'begin', 2000)];

    expect(holder(...lost, says('a', 'work', 2001)).isHeldBy('a')).toBe(false);
    expect(holder(...lost, says('a', 'end', 2001)).isHeldBy('b')).toBe(true);
  });

  it('stays who it was however late, as long as nobody else begins', () => {
    expect(holder(says('a', 'begin', 0)).isHeldBy('a')).toBe(true);
    expect(holder(says('a', 'begin', 0)).at(5000)).toBeUndefined();
  });

  it('is nobody when records say something else', () => {
    const record = { ...says('a', 'begin', 0), value: Buffer.from('a value') };
    const garbage = { ...record, value: null, headers: { [RUN_HEADER]: Buffer.from('a:stop') } };

    expect(holder(record, garbage).at(0)).toBeUndefined();
  });
});
