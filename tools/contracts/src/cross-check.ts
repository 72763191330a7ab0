import type { EventModel } from './contract-model.ts';
import type { AppDocument, Channel, Operation } from './load-asyncapi.ts';
import { didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';
import type { RuleCode } from './rules.ts';

type ByTopic = ReadonlyMap<string, EventModel>;
type More = Pick<Problem, 'why' | 'fix'>;

/** Checks that the schemas and the AsyncAPI documents say the same; adds what does not fit to `problems`. */
export function crossCheck(
  events: readonly EventModel[],
  apps: readonly AppDocument[],
  problems: Problem[],
): void {
  // With two events on a topic, nothing that is said about the topic is right for both.
  if (!checkUnique(events, problems)) return;
  const byTopic = new Map(events.map((event) => [event.meta.topic, event]));
  const sent = new Set(
    apps.flatMap(({ operations }) =>
      operations
        .filter(({ action, purpose }) => action === 'send' && purpose !== 'redrive')
        .map(({ channel }) => channel.address),
    ),
  );
  checkOwners(events, apps, byTopic, problems);
  for (const app of apps) {
    checkCalls(app, apps, problems);
    for (const channel of app.ownChannels) checkChannel(app, channel, { apps, byTopic }, problems);
    for (const operation of app.operations) {
      if (!isKnown(operation.channel, apps, byTopic)) continue;
      checkOperation(app, operation, byTopic, problems);
      checkIsSent(app, operation, { sent, byTopic }, problems);
    }
  }
}

function checkUnique(events: readonly EventModel[], problems: Problem[]): boolean {
  const topics = new Map<string, EventModel>();
  for (const event of events) {
    const { file, topic } = event.meta;
    const other = topics.get(topic);
    if (other)
      problems.push({
        code: 'C025',
        file,
        field: 'topic',
        what: `${topic} is also the topic of ${other.record.name} (${other.meta.file})`,
        why: 'A topic carries one event, or its consumers could not know what comes.',
        fix: 'Give one of the two a topic of its own.',
      });
    topics.set(topic, event);
  }
  return topics.size === events.length;
}

function checkOwners(
  events: readonly EventModel[],
  apps: readonly AppDocument[],
  byTopic: ByTopic,
  problems: Problem[],
): void {
  for (const { meta } of events) {
    const owner = apps.find(({ name }) => name === meta.owner);
    if (!owner) {
      const known = apps.map(({ name }) => name);
      problems.push({
        code: 'C034',
        file: meta.file,
        field: 'owner',
        what: `there is no apps/${meta.owner}/asyncapi.yaml`,
        why: 'Only an app can own an event, and only the owner may send it.',
        fix: didYouMean(meta.owner, known) ?? `Name one of ${known.join(', ')}.`,
      });
    } else if (
      !owner.operations.some(
        ({ purpose, channel: { address } }) =>
          // An unknown address may be this one misspelt, which is told there.
          purpose === 'publish' && (address === meta.topic || !byTopic.has(address)),
      )
    ) {
      problems.push({
        code: 'C022',
        file: owner.file,
        field: 'operations',
        what: `no app sends ${meta.topic}: ${meta.owner} owns it and has no send operation for it`,
        fix: `Add the operation, or name another owner in ${meta.file}.`,
      });
    }
  }
}

function checkCalls(app: AppDocument, apps: readonly AppDocument[], problems: Problem[]): void {
  const known = apps.map(({ name }) => name);
  for (const called of app.calls) {
    if (known.includes(called)) continue;
    problems.push({
      code: 'C026',
      file: app.file,
      field: 'info.x-calls',
      what: `there is no app "${called}"`,
      fix: didYouMean(called, known),
    });
  }
}

/** A channel is defined where it is owned: events by their publisher, dead letters by the group that sets them aside. */
function checkChannel(
  app: AppDocument,
  channel: Channel,
  { apps, byTopic }: { readonly apps: readonly AppDocument[]; readonly byTopic: ByTopic },
  problems: Problem[],
): void {
  const { file, field, address } = channel;
  const report = (code: RuleCode, at: string, what: string, more?: More) =>
    problems.push({ code, file, field: `${field}.${at}`, what, ...more });
  if (channel.partitions === undefined)
    report('C024', 'bindings.kafka.partitions', 'is missing, or no whole number', {
      why: 'The topic could not be created.',
      fix: 'Write for example "partitions: 3".',
    });
  const event = byTopic.get(address);
  if (!event) {
    // What is named after a misspelt topic is told there.
    const isConsequence =
      /\.(dlq|retry\.\d+)$/.test(address) && consumedBy(app).some((topic) => !byTopic.has(topic));
    if (!isOfFailures(app, address) && !isConsequence) reportUnknown(app, channel, byTopic, report);
    return;
  }
  const { meta, record } = event;
  if (meta.owner !== app.name) {
    // An owner that does not exist is told in the metadata.
    if (!apps.some(({ name }) => name === meta.owner)) return;
    report('C025', 'address', `${address} is owned by ${meta.owner}`, {
      why: 'A channel that is defined twice is one that contradicts itself some day.',
      fix: `Write "$ref: ../${meta.owner}/asyncapi.yaml#/channels/…" in place of the definition.`,
    });
    return;
  }
  if (channel.partitions !== undefined && channel.partitions !== meta.partitions)
    report(
      'C028',
      'bindings.kafka.partitions',
      `is ${channel.partitions}, ${meta.file} says ${meta.partitions}`,
    );
  if (channel.payloads.length !== 1 || channel.payloads[0] !== record.file) {
    const found = channel.payloads.join(', ') || 'none';
    report('C028', 'messages', `expected one message with the payload ${record.file}, found ${found}`);
  }
}

/** True for `<consumed topic>.<app>.dlq` and `<consumed topic>.<app>.retry.<n>`. */
function isOfFailures({ name, operations }: AppDocument, address: string): boolean {
  const [, consumed = ''] = /^(.*)\.(?:dlq|retry\.[1-9]\d?)$/.exec(address) ?? [];
  if (!consumed.endsWith(`.${name}`)) return false;
  const topic = consumed.slice(0, -`.${name}`.length);
  return operations.some(({ purpose, channel }) => purpose === 'consume' && channel.address === topic);
}

function isKnown({ address, app }: Channel, apps: readonly AppDocument[], byTopic: ByTopic): boolean {
  const owner = apps.find(({ name }) => name === app);
  return byTopic.has(address) || (owner !== undefined && isOfFailures(owner, address));
}

function consumedBy({ operations }: AppDocument): string[] {
  return operations.filter(({ purpose }) => purpose === 'consume').map(({ channel }) => channel.address);
}

function reportUnknown(
  app: AppDocument,
  channel: Channel,
  byTopic: ByTopic,
  report: (code: RuleCode, at: string, what: string, more?: More) => void,
): void {
  const { address } = channel;
  const deadLetters = consumedBy(app).map((topic) => `${topic}.${app.name}.dlq`);
  const fix = didYouMean(address, [...byTopic.keys(), ...deadLetters.filter((topic) => topic !== address)]);
  if (app.operations.some((operation) => operation.channel === channel && operation.action === 'receive')) {
    report('C022', 'address', `no app sends ${address}`, { fix });
    return;
  }
  const forms = `<consumed topic>.${app.name}.dlq or .retry.<n>`;
  report('C022', 'address', `${address} is neither the topic of an event nor ${forms}`, {
    why: 'Nobody could know what is in it, and nobody would look there.',
    fix,
  });
}

function checkIsSent(
  app: AppDocument,
  { action, channel, field }: Operation,
  { sent, byTopic }: { readonly sent: ReadonlySet<string>; readonly byTopic: ByTopic },
  problems: Problem[],
): void {
  // Who should send an event and does not is told at its owner.
  if (action !== 'receive' || sent.has(channel.address) || byTopic.has(channel.address)) return;
  problems.push({
    code: 'C022',
    file: app.file,
    field: `${field}.channel`,
    what: `no app sends ${channel.address}`,
    fix: didYouMean(channel.address, [...sent]),
  });
}

function checkOperation(app: AppDocument, operation: Operation, byTopic: ByTopic, problems: Problem[]): void {
  const { channel, field, purpose } = operation;
  const { address } = channel;
  const report = (code: RuleCode, at: string, what: string, more?: More) =>
    problems.push({ code, file: app.file, field: `${field}${at}`, what, ...more });
  const event = byTopic.get(address);
  // A channel of its own document is told there.
  if (purpose === 'publish' && event && event.meta.owner !== app.name && channel.file !== app.file)
    report('C025', '', `${address} is sent by ${event.meta.owner}, which owns it, and by ${app.name}`);
  if ((purpose === 'publish' || purpose === 'consume') && !event)
    report('C026', '.channel', `${address} is not the topic of an event`, {
      fix: 'Say with x-purpose what the operation is for.',
    });
  if (purpose === 'retry' && !/\.retry\.[1-9]\d?$/.test(address))
    report('C027', '.channel', `${address} is not a retry topic, <consumed topic>.${app.name}.retry.<n>`);
  if (purpose === 'dead-letter' && event)
    report('C027', '.channel', `${address} is the topic of an event, not of dead letters`);
  else if (purpose === 'dead-letter' && channel.file !== app.file)
    report('C027', '.channel', `${address} is defined by ${channel.app}; dead letters of an app are its own`);
  if (purpose === 'consume') checkConsumer(app, operation, report);
}

function checkConsumer(
  app: AppDocument,
  { channel, group }: Operation,
  report: (code: RuleCode, at: string, what: string, more?: More) => void,
): void {
  if (group !== app.name) {
    const found = JSON.stringify(group ?? null);
    report('C027', '.bindings.kafka.groupId.const', `is ${found}, expected "${app.name}"`, {
      why: 'Lag, dead letters and access rights are found by the name of the app.',
      fix: `Write "const: ${app.name}".`,
    });
  }
  const deadLetters = `${channel.address}.${app.name}.dlq`;
  // With a misspelt name they are told at their channel.
  const hasDeadLetters = app.operations.some(
    ({ purpose, channel: { address } }) =>
      purpose === 'dead-letter' && (address === deadLetters || !isOfFailures(app, address)),
  );
  if (!hasDeadLetters)
    report('C027', '', `records of ${channel.address} that cannot be handled have nowhere to go`, {
      why: 'One record that can never be handled would stop all behind it.',
      fix: `Add a channel ${deadLetters}, and a send operation to it with "x-purpose: dead-letter".`,
    });
}

/** The number at the end of a retry topic of `group` for records of `topic`; undefined for any other address. */
export function retryLevel(address: string, topic: string, group: string): number | undefined {
  const start = `${topic}.${group}.retry.`;
  const level = address.slice(start.length);
  return address.startsWith(start) && /^[1-9]\d?$/.test(level) ? Number(level) : undefined;
}
