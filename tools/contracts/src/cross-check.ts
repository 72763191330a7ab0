import type { EventModel } from './contract-model.ts';
import type { AppDocument, Channel, Operation } from './load-asyncapi.ts';
import { didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';

/** Checks that the schemas and the AsyncAPI documents say the same; adds what does not fit to `problems`. */
export function crossCheck(
  events: readonly EventModel[],
  apps: readonly AppDocument[],
  problems: Problem[],
): void {
  checkUnique(events, problems);
  checkOwners(events, apps, problems);
  const byTopic = new Map(events.map((event) => [event.meta.topic, event]));
  for (const app of apps) {
    checkCalls(app, apps, problems);
    for (const channel of app.ownChannels) checkChannel(app, channel, byTopic, problems);
    for (const operation of app.operations) checkOperation(app, operation, byTopic, problems);
  }
}

function checkUnique(events: readonly EventModel[], problems: Problem[]): void {
  const topics = new Map<string, string>();
  for (const { meta } of events) {
    const other = topics.get(meta.topic);
    if (other)
      problems.push({
        file: meta.file,
        field: 'topic',
        message: `is also the topic of ${other}; a topic carries one event`,
      });
    topics.set(meta.topic, meta.file);
  }
}

function checkOwners(events: readonly EventModel[], apps: readonly AppDocument[], problems: Problem[]): void {
  for (const { meta } of events) {
    const owner = apps.find(({ name }) => name === meta.owner);
    if (!owner) {
      const known = apps.map(({ name }) => name);
      const message = `there is no apps/${meta.owner}/asyncapi.yaml${didYouMean(meta.owner, known)}`;
      problems.push({ file: meta.file, field: 'owner', message });
    } else if (
      !owner.operations.some(
        ({ purpose, channel }) => purpose === 'publish' && channel.address === meta.topic,
      )
    ) {
      problems.push({
        file: owner.file,
        field: 'operations',
        message: `no send operation for ${meta.topic}, which ${meta.owner} owns`,
      });
    }
  }
}

function checkCalls(app: AppDocument, apps: readonly AppDocument[], problems: Problem[]): void {
  const known = apps.map(({ name }) => name);
  for (const called of app.calls) {
    if (known.includes(called)) continue;
    problems.push({
      file: app.file,
      field: 'info.x-calls',
      message: `there is no app "${called}"${didYouMean(called, known)}`,
    });
  }
}

/** A channel is defined where it is owned: events by their publisher, dead letters by the group that sets them aside. */
function checkChannel(
  app: AppDocument,
  channel: Channel,
  byTopic: ReadonlyMap<string, EventModel>,
  problems: Problem[],
): void {
  const { file, field, address } = channel;
  const problem = (at: string, message: string) => problems.push({ file, field: `${field}.${at}`, message });
  const event = byTopic.get(address);
  if (channel.partitions === undefined) problem('bindings.kafka.partitions', 'is missing');
  if (event) {
    const { meta, record } = event;
    if (meta.owner !== app.name)
      problem(
        'address',
        `${address} is owned by ${meta.owner}; refer to the channel in its document with $ref`,
      );
    if (channel.partitions !== undefined && channel.partitions !== meta.partitions) {
      problem('bindings.kafka.partitions', `is ${channel.partitions}, ${meta.file} says ${meta.partitions}`);
    }
    if (channel.payloads.length !== 1 || channel.payloads[0] !== record.file) {
      problem(
        'messages',
        `expected one message with the payload ${record.file}, found ${channel.payloads.join(', ') || 'none'}`,
      );
    }
    return;
  }
  const known = [...byTopic.keys()];
  const consumed = app.operations
    .filter(({ purpose }) => purpose === 'consume')
    .map((operation) => operation.channel.address);
  if (consumed.some((topic) => retryLevel(address, topic, app.name) !== undefined)) return;
  if (!consumed.some((topic) => address === `${topic}.${app.name}.dlq`)) {
    const candidates = [...known, ...consumed.map((topic) => `${topic}.${app.name}.dlq`)];
    problem(
      'address',
      `${address} is neither the topic of an event nor <consumed topic>.${app.name}.dlq or .retry.<n>${didYouMean(address, candidates)}`,
    );
  }
}

function checkOperation(
  app: AppDocument,
  operation: Operation,
  byTopic: ReadonlyMap<string, EventModel>,
  problems: Problem[],
): void {
  const { channel, field, purpose, group } = operation;
  const problem = (at: string, message: string) =>
    problems.push({ file: app.file, field: `${field}${at}`, message });
  const event = byTopic.get(channel.address);
  if (purpose === 'publish' && event && event.meta.owner !== app.name) {
    problem(
      '',
      `${app.name} sends ${channel.address}, which ${event.meta.owner} owns; a topic has one publisher`,
    );
  }
  if ((purpose === 'publish' || purpose === 'consume') && !event) {
    problem('.channel', `${channel.address} is not the topic of an event; say why with x-purpose`);
  }
  if (purpose === 'retry' && !/\.retry\.[1-9]\d?$/.test(channel.address))
    problem('.channel', `${channel.address} is not a retry topic, <consumed topic>.${app.name}.retry.<n>`);
  if (purpose === 'dead-letter' && channel.file !== app.file)
    problem('.channel', 'dead letters of an app go to a channel of its own document');
  if (purpose === 'dead-letter' && event)
    problem('.channel', `${channel.address} is the topic of an event, not of dead letters`);
  if (purpose === 'consume') {
    if (group !== app.name)
      problem('.bindings.kafka.groupId', `expected const: ${app.name} (the group of an app has its name)`);
    const deadLetters = `${channel.address}.${app.name}.dlq`;
    if (
      !app.operations.some(
        (other) => other.purpose === 'dead-letter' && other.channel.address === deadLetters,
      )
    ) {
      problem(
        '',
        `what cannot be handled has nowhere to go: add a channel ${deadLetters} and a send operation with x-purpose: dead-letter`,
      );
    }
  }
}

/** The number at the end of a retry topic of `group` for records of `topic`; undefined for any other address. */
export function retryLevel(address: string, topic: string, group: string): number | undefined {
  const start = `${topic}.${group}.retry.`;
  const level = address.slice(start.length);
  return address.startsWith(start) && /^[1-9]\d?$/.test(level) ? Number(level) : undefined;
}
