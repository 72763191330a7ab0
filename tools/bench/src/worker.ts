/** A scenario's own process: `node worker.ts <spec as JSON>`, with a channel to the runner. */
import { writeFileSync } from 'node:fs';
import { wireTemplate } from './bench-event.ts';
import { Meter } from './meter.ts';
import { countToEnd } from './programs/count-to-end.ts';
import type { Program, StopAfter, WorkerMessage, WorkerSpec } from './worker-types.ts';

const spec = JSON.parse(process.argv[2] ?? '') as WorkerSpec;
const tell = (message: WorkerMessage) =>
  new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, () => resolve());
  });
const stopAfter = Promise.withResolvers<number>();
process.on('message', (message: StopAfter) => stopAfter.resolve(message.records));
// Whoever started this process is gone; nobody would ever read the result.
process.on('disconnect', () => process.exit(1));

try {
  const { run } = (await import(new URL(spec.program, import.meta.url).href)) as Program;
  const meter = new Meter(spec);
  await run(spec, {
    meter,
    template: wireTemplate(spec.topic, spec.valueBytes),
    countToEnd: () => countToEnd(spec.records, meter),
    ready: () => void tell({ kind: 'ready' }),
    stopAfter: stopAfter.promise,
  });
  writeFileSync(spec.marksFile, meter.marks);
  await tell({ kind: 'result', result: meter.result() });
  process.exit(0);
} catch (error) {
  await tell({
    kind: 'failed',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  process.exit(1);
}
