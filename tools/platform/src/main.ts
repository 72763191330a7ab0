/** `npm run platform`: starts, stops and shows the local platform. */
import { parseArgs } from 'node:util';
import { PlatformError, textOf } from './errors.ts';
import { startPlatform } from './platform.ts';
import { createProgressPrinter } from './progress.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { instance: { type: 'string' }, fresh: { type: 'boolean' } },
});
const abort = new AbortController();
try {
  if ((positionals[0] ?? 'up') !== 'up') throw new PlatformError('Only "up" works so far.');
  const platformOf = startPlatform({
    ...(values.instance ? { instance: values.instance } : {}),
    fresh: values.fresh ?? false,
    onProgress: createProgressPrinter(process.stderr),
    signal: abort.signal,
    onCrash: ({ message }) => {
      console.error(message);
      process.exitCode = 1;
      process.emit('SIGTERM');
    },
  });
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (++signals > 1) return void platformOf.then((p) => p.kill());
      abort.abort(new PlatformError('Stopped.'));
      void platformOf.then((p) => p.stop()).catch(() => undefined);
    });
  }
  const platform = await platformOf;
  console.log(`Kafka       ${platform.kafka.brokers.join(',')}`);
  console.log(`registry    ${platform.registry.url}`);
  console.log(`PostgreSQL  ${platform.database.url}`);
} catch (error) {
  console.error(error instanceof PlatformError ? error.message : error);
  console.error(textOf(error) ? '' : '');
  process.exitCode = 1;
}
