import { describe, expect, it } from 'vitest';
import { createProgressPrinter, type ProgressEvent } from './progress.ts';

function printed(isTTY: boolean, events: [at: number, ProgressEvent][]): string {
  let text = '';
  let now = 0;
  const stream = { isTTY, columns: 60, write: (part: string) => (text += part) };
  const print = createProgressPrinter(stream, () => now);
  for (const [at, event] of events) {
    now = at;
    print(event);
  }
  return text;
}

const download = (bytes: number): ProgressEvent => ({
  kind: 'download',
  bytes,
  total: 200e6,
  item: 'kafka-clients-4.3.1.jar',
});

describe('Progress', () => {
  it('is one bar, redrawn, on a terminal', () => {
    expect(
      printed(true, [
        [0, download(50e6)],
        [100, download(100e6)],
      ]),
    ).toBe(
      '\r\x1b[K[######..................] 50 MB of about 200 MB  kafka-cli' +
        '\r\x1b[K[############............] 100 MB of about 200 MB  kafka-cl',
    );
  });

  it('does not leave a torn bar before a line', () => {
    const text = printed(true, [
      [0, download(1e6)],
      [1, { kind: 'note', text: 'Fetching it again.' }],
    ]);
    expect(text.endsWith('\r\x1b[KFetching it again.\n')).toBe(true);
  });

  it('is a line now and then elsewhere', () => {
    const text = printed(false, [
      [0, download(1e6)],
      [500, download(2e6)],
      [2_000, download(3e6)],
    ]);
    expect(text).toBe(
      'downloads   1 MB of about 200 MB  kafka-clients-4.3.1.jar\ndownloads   3 MB of about 200 MB  kafka-clients-4.3.1.jar\n',
    );
  });

  it('tells how long each phase took', () => {
    expect(printed(false, [[0, { kind: 'phase', phase: 'Kafka', ms: 1_234 }]])).toBe(
      'Kafka       ready after 1.2 s\n',
    );
  });

  it('never shows more than all', () => {
    expect(printed(true, [[0, download(400e6)]])).toContain(`[${'#'.repeat(24)}] 400 MB`);
  });
});
