/** `npm run trial`: tries the charts of the apps on a cluster. */
import { TrialError, UsageError } from './errors.ts';
import { HELP, parseOptions } from './options.ts';
import { runPlatform } from './platform-for-pods.setup.ts';
import { runTrial } from './run.ts';

try {
  const command = parseOptions(process.argv.slice(2));
  if (command.name === 'help') process.stdout.write(HELP);
  else if (command.name === 'platform') await runPlatform(command.namespace);
  else process.exitCode = await runTrial(command);
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run trial -- --help lists commands and options.\n`);
    process.exitCode = 2;
  } else if (error instanceof TrialError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
