/** `npm run catalog`: the event catalogue as a site of pages. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ContractsInvalid } from '@eda/contracts-cli';
import { buildCatalog } from './build-catalog.ts';
import { BadOpenApi } from './rest-operations.ts';

const ROOT = join(import.meta.dirname, '../../..');
const OUT = 'dist/catalog';
const BOOTSTRAP = '127.0.0.1:9092';

const HELP = `Makes the event catalogue of schemas/ and apps/*: pages to be opened in a browser, without a server.

Usage: npm run catalog [-- options]

Options:
  --out FOLDER       where the pages go, in place of what stands there; ${OUT} when absent
  --bootstrap HOST   the brokers, as OpenLineage names them; ${BOOTSTRAP} when absent
  --help             shows this

SOURCE_DATE_EPOCH (seconds) is the time that OpenLineage events get, for builds that can be repeated; now when absent.

Exit codes: 0 written, 1 the contracts are wrong, 2 wrong usage
`;

function run(): number {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: OUT },
      bootstrap: { type: 'string', default: BOOTSTRAP },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const out = resolve(ROOT, values.out);
  if (isOtherFolder(out)) {
    process.stderr.write(`${values.out} holds something else than a catalogue; name an empty folder.\n`);
    return 2;
  }
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  const eventTime = (epoch === undefined ? new Date() : new Date(Number(epoch) * 1000)).toISOString();
  const count = buildCatalog(ROOT, out, { bootstrap: values.bootstrap, eventTime });
  process.stdout.write(`${count} files. Open ${join(out, 'index.html')}\n`);
  return 0;
}

/** What is not ours is not thrown away. */
function isOtherFolder(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, 'search-index.js'));
}

try {
  process.exitCode = run();
} catch (error) {
  if (error instanceof ContractsInvalid) {
    process.stderr.write(`${error.message}\nThe contracts are wrong; nothing was written\n`);
    process.exitCode = 1;
  } else if (error instanceof BadOpenApi) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true) {
    process.stderr.write(`${(error as Error).message}\nnpm run catalog -- --help lists the options.\n`);
    process.exitCode = 2;
  } else if ((error as NodeJS.ErrnoException).syscall !== undefined || error instanceof RangeError) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  } else throw error;
}
