/** Checks the alerts and dashboards of charts/kafka-monitoring, and records which metrics there are. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlatformError } from '@eda/platform';
import { checkMonitoring } from './check-monitoring.ts';
import { CHART } from './chart.ts';
import { renderDashboards } from './dashboards/all.ts';
import { MonitoringError, UsageError } from './errors.ts';
import { HELP, parseOptions } from './options.ts';
import { record } from './record/record.ts';
import { testRules } from './test-rules.ts';

const ROOT = join(import.meta.dirname, '../../..');

async function run(): Promise<void> {
  const command = parseOptions(process.argv.slice(2));
  switch (command.name) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'check': {
      const problems = await checkMonitoring(ROOT);
      for (const problem of problems) process.stdout.write(`${problem}\n`);
      if (problems.length > 0) throw new MonitoringError(`${problems.length} problems.`);
      return;
    }
    case 'test-rules':
      process.stdout.write(await testRules(ROOT));
      return;
    case 'generate':
      for (const [name, text] of renderDashboards()) {
        const file = `${CHART}/dashboards/${name}`;
        writeFileSync(join(ROOT, file), text);
        process.stdout.write(`${file}\n`);
      }
      return;
    case 'record':
      process.stdout.write(
        `${await record(command.source, command.file === undefined ? {} : { source: command.file })}\n`,
      );
  }
}

try {
  await run();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnode tools/monitoring/src/main.ts --help lists the commands.\n`);
    process.exitCode = 2;
  } else if (
    error instanceof MonitoringError ||
    error instanceof PlatformError ||
    (error as NodeJS.ErrnoException).syscall !== undefined
  ) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  } else throw error;
}
