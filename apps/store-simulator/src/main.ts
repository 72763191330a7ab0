/** Drives the store API: `main.ts golden|random|load`, see `--help`. */
import { runService } from '@eda/service';
import { HELP, parseCommand, UsageError } from './cli.ts';
import { runGolden } from './golden-app.ts';
import { runLoad } from './load-app.ts';
import { startRandom } from './random-app.ts';

try {
  const command = parseCommand(process.argv.slice(2));
  if (command.name === 'help') process.stdout.write(HELP);
  else if (command.name === 'golden') process.exitCode = await runGolden(command);
  else if (command.name === 'load') process.exitCode = await runLoad(command);
  else await runService({ name: 'store-simulator', start: () => startRandom(command) });
} catch (error) {
  const wrongUsage = error instanceof UsageError;
  const help = wrongUsage ? '\nSee --help.' : '';
  process.stderr.write(`store-simulator: ${(error as Error).message}${help}\n`);
  process.exitCode = wrongUsage ? 2 : 1;
}
