/** `npm run parked`: the keys that a consumer has parked. */
import { createParkedKeys, type ParkedKey } from '@eda/kafka';
import { ConfigError, createLogger, createPool, databaseConfig, errorText, loadConfig } from '@eda/service';
import { Type } from 'typebox';
import { EXIT } from './exit-codes.ts';
import { connectToKafka } from './kafka-connection.ts';
import { parseParked, PARKED_HELP, type ParkedCommand } from './parked-options.ts';
import { type Column, textTable } from './text-table.ts';
import { UsageError } from './usage-error.ts';

const LISTED = 200;
/** A key has to be typed into the next command as it is. */
const WHOLE_KEY = 256;

const COLUMNS: Column<ParkedKey>[] = [
  { heading: 'topic', cell: ({ topic }) => topic },
  { heading: 'key', cell: ({ key }) => key, maxWidth: WHOLE_KEY },
  { heading: 'records', cell: ({ records }) => String(records) },
  {
    heading: 'first',
    cell: ({ first }) => (first === undefined ? '' : `${first.partition}:${first.offset}`),
  },
  { heading: 'tries', cell: ({ attempts }) => String(attempts) },
  { heading: 'next try', cell: ({ nextTryAt }) => nextTryAt.toISOString().slice(0, 19).replace('T', ' ') },
  { heading: 'code', cell: ({ failure }) => failure?.code ?? '', maxWidth: 28 },
  { heading: 'error', cell: ({ failure }) => failure?.message ?? '', maxWidth: 60 },
];

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

async function run(command: Exclude<ParkedCommand, { name: 'help' }>): Promise<number> {
  const { DATABASE_URL } = loadConfig(Type.Object(databaseConfig));
  const logger = createLogger({ name: 'parked', level: 'silent' });
  await using kafka = command.name === 'give-up' ? await connectToKafka('parked') : undefined;
  const pool = createPool({ connectionString: DATABASE_URL, logger, applicationName: 'parked' });
  try {
    const producer = kafka?.producer();
    const parked = createParkedKeys({
      pool,
      groupId: command.group,
      ...(producer === undefined ? {} : { producer }),
    });
    if (command.name === 'list') {
      const found = await parked.list(LISTED + 1);
      const keys = found.slice(0, LISTED);
      if (keys.length > 0) for (const line of textTable(keys, COLUMNS)) say(line);
      if (keys.length === 0) say(`${command.group} has parked nothing.`);
      else say(found.length > LISTED ? `… and more than these ${LISTED}.` : `${keys.length} parked.`);
      return EXIT.done;
    }
    const { topic, key } = command;
    const found = await (command.name === 'retry' ? parked.retryNow(topic, key) : parked.giveUp(topic, key));
    if (!found)
      throw new UsageError(
        `${command.group} has parked nothing of ${topic} with the key ${key}` +
          (command.name === 'give-up' ? ' that has failed' : ''),
      );
    say(
      command.name === 'retry'
        ? `The first record of ${key} is tried now.`
        : `The first record of ${key} is a dead letter now; those behind it go on.`,
    );
    return EXIT.done;
  } finally {
    await pool.end();
  }
}

try {
  const command = parseParked(process.argv.slice(2));
  if (command.name === 'help') process.stdout.write(PARKED_HELP);
  else process.exitCode = await run(command);
} catch (error) {
  complain(`parked: ${errorText(error)}`);
  if (error instanceof UsageError) complain('npm run parked -- --help shows how to call it.');
  process.exitCode = error instanceof UsageError || error instanceof ConfigError ? EXIT.usage : EXIT.failed;
}
