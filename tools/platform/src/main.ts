/** `npm run platform`: starts, stops and shows the local platform. */
import { down } from './down.ts';
import { PlatformError } from './errors.ts';
import { HELP, parseOptions } from './options.ts';
import { status } from './status.ts';
import { up } from './up.ts';

try {
  const options = parseOptions(process.argv.slice(2));
  switch (options.command) {
    case 'help':
      console.log(HELP);
      break;
    case 'up':
      process.exitCode = await up(options);
      break;
    case 'down':
      console.log(await down(options.instance));
      break;
    case 'status': {
      const { text, ready } = status(options.instance);
      console.log(text);
      if (!ready) process.exitCode = 1;
    }
  }
} catch (error) {
  console.error(error instanceof PlatformError ? error.message : error);
  process.exitCode = 1;
}
