/** `npm run redrive`: shows dead letters, or puts them back. */
import {
  deadLetterTopic,
  planRedrive,
  type PlannedLetter,
  redriveMany,
  type RedriveProgress,
} from '@eda/kafka';
import { ConfigError, errorText } from '@eda/service';
import { EXIT } from './exit-codes.ts';
import { connectToKafka, type KafkaConnection } from './kafka-connection.ts';
import { createProgressBar, type ProgressBar } from './progress-bar.ts';
import { parseRedrive, REDRIVE_HELP, type RedriveCommand } from './redrive-options.ts';
import { stopSignal } from './stop-signal.ts';
import { type Column, textTable } from './text-table.ts';
import { UsageError } from './usage-error.ts';

const LISTED = 50;

const COLUMNS: Column<PlannedLetter>[] = [
  { heading: 'dead letter', cell: (letter) => `${letter.deadLetterPartition}:${letter.deadLetterOffset}` },
  { heading: 'record', cell: ({ partition, offset }) => `${partition}:${offset}` },
  { heading: 'key', cell: ({ key }) => key?.toString() ?? '(none)', maxWidth: 24 },
  { heading: 'code', cell: ({ code }) => code, maxWidth: 28 },
  { heading: 'error', cell: ({ errorName, errorMessage }) => `${errorName}: ${errorMessage}`, maxWidth: 60 },
  { heading: 'tries', cell: ({ attempts }) => String(attempts) },
  { heading: 'given up', cell: ({ failedAt }) => failedAt.toISOString().slice(0, 19).replace('T', ' ') },
];

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);
const letters = (count: number) => `${count} dead ${count === 1 ? 'letter' : 'letters'}`;

function showIn(bar: ProgressBar): (progress: RedriveProgress) => void {
  return (progress) => {
    if (progress.phase === 'reading') bar.show('reading', progress.read, progress.toRead);
    else bar.show('putting back', progress.redriven, progress.selected);
  };
}

async function requireTopic({ admin }: KafkaConnection, topic: string): Promise<void> {
  if ((await admin.partitionCount(topic)) !== undefined) return;
  const others = (await admin.listTopics()).filter((name) => name.endsWith('.dlq')).sort();
  throw new UsageError(
    `there is no topic ${topic}. ${others.length === 0 ? 'There are no dead-letter topics.' : `There are: ${others.join(', ')}.`}`,
  );
}

async function dryRun(kafka: KafkaConnection, command: RedriveCommand, topic: string): Promise<number> {
  const bar = createProgressBar();
  const { filter, limit } = command;
  const plan = await planRedrive({
    client: kafka.client,
    deadLetterTopic: topic,
    filter,
    maxListed: LISTED,
    onProgress: showIn(bar),
    ...(limit === undefined ? {} : { limit }),
  }).finally(() => {
    bar.end();
  });
  if (plan.letters.length > 0) for (const line of textTable(plan.letters, COLUMNS)) say(line);
  if (plan.selected > plan.letters.length) say(`… and ${plan.selected - plan.letters.length} more`);
  say(`${topic}: ${plan.waiting} waiting, ${plan.redriven} put back before.`);
  if (plan.foreign > 0)
    say(`${plan.foreign} records were written there by something else and are left alone.`);
  say(
    plan.selected === 0
      ? 'Nothing would be put back.'
      : `${letters(plan.selected)} would be put back. Nothing was written.`,
  );
  return EXIT.done;
}

async function putBack(kafka: KafkaConnection, command: RedriveCommand, topic: string): Promise<number> {
  const bar = createProgressBar();
  const { filter, limit } = command;
  let redriven = 0;
  try {
    const result = await redriveMany({
      client: kafka.client,
      producer: kafka.producer(),
      deadLetterTopic: topic,
      filter,
      signal: stopSignal(),
      onProgress: (progress) => {
        if (progress.phase === 'putting back') redriven = progress.redriven;
        showIn(bar)(progress);
      },
      ...(limit === undefined ? {} : { limit }),
    });
    bar.end();
    say(
      result.selected === 0 && !result.interrupted
        ? `Nothing to put back in ${topic}.`
        : `${letters(result.redriven)} put back into ${command.topic}.`,
    );
    if (result.interrupted) complain('Stopped. The same command goes on.');
    if (result.busyPartitions.length > 0)
      complain(
        `Left alone: partition ${result.busyPartitions.join(', ')}. Somebody else puts its dead letters back now, or was cut off less than 30 seconds ago. The same command goes on.`,
      );
    return result.interrupted || result.busyPartitions.length > 0 ? EXIT.incomplete : EXIT.done;
  } catch (error) {
    bar.end();
    if (redriven > 0) complain(`${letters(redriven)} put back before this. The same command goes on.`);
    throw error;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const command = parseRedrive(args);
  if (command.name === 'help') {
    process.stdout.write(REDRIVE_HELP);
    return EXIT.done;
  }
  await using kafka = await connectToKafka('redrive');
  const topic = deadLetterTopic(command.topic, command.group);
  await requireTopic(kafka, topic);
  return command.dryRun ? await dryRun(kafka, command, topic) : await putBack(kafka, command, topic);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  complain(`redrive: ${errorText(error)}`);
  if (error instanceof UsageError) complain('npm run redrive -- --help shows how to call it.');
  process.exitCode = error instanceof UsageError || error instanceof ConfigError ? EXIT.usage : EXIT.failed;
}
