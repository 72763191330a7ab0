import { avroType } from '@eda/contracts/avro';
import { checkExample } from '../check-example.ts';
import type { EventModel, Json } from '../contract-model.ts';
import { isObject } from '../json.ts';
import type { AppDocument, Channel } from '../load-asyncapi.ts';
import type { Problem } from '../problems.ts';
import type { Sources } from '../read/sources.ts';
import { followReferences, inside } from '../references.ts';
import type { Place } from '../references.ts';

const CONTENT_TYPE = 'application/avro';
/** Those that the codec writes for every event, as messages have to describe them. */
export const EVENT_HEADERS: readonly string[] = [
  'ce_specversion',
  'ce_id',
  'ce_source',
  'ce_type',
  'ce_time',
  'content-type',
];
/** Those that say where a dead letter came from and why it was set aside. */
export const DEAD_LETTER_HEADERS: readonly string[] = [
  '__dlq.errors.topic',
  '__dlq.errors.partition',
  '__dlq.errors.offset',
  '__dlq.errors.group',
  '__dlq.errors.exception.message',
];
/** What the Kafka binding of a message says of the bytes that the codec writes. */
const BINDING: Readonly<Record<string, string>> = {
  schemaIdLocation: 'payload',
  schemaIdPayloadEncoding: '4',
  schemaLookupStrategy: 'TopicNameStrategy',
};
const TRAIT = '"$ref: ../../schemas/asyncapi/common.yaml#/messageTraits/cloudEvent"';
const COPIED = 'People and tools copy the example, and what they make of it would be refused.';

/** Checks that the messages of the channels an app defines are described as the codec writes them; adds the rest to `problems`. */
export function checkMessages(
  sources: Sources,
  { ownChannels }: AppDocument,
  byTopic: ReadonlyMap<string, EventModel>,
  problems: Problem[],
): void {
  for (const channel of ownChannels) {
    const event = byTopic.get(channel.address);
    for (const message of messagesOf(sources, channel)) {
      if (event) checkEventMessage(sources, message, event, problems);
      else if (channel.address.endsWith('.dlq'))
        reportMissing(message, headersOf(sources, message), DEAD_LETTER_HEADERS, problems, {
          why: 'Whoever looks at a dead letter has to find where it came from and what is wrong with it.',
          fix: 'Write "headers: { $ref: ../../schemas/asyncapi/common.yaml#/schemas/deadLetterHeaders }".',
        });
    }
  }
}

function messagesOf(sources: Sources, { file, field }: Channel): Place[] {
  const start: Place = { file, field: '', value: sources.content(file) ?? null };
  const [list = '', ...name] = field.split('.');
  const messages = inside(sources, start, list, name.join('.'), 'messages');
  if (!messages || !isObject(messages.value)) return [];
  return Object.keys(messages.value).flatMap((name) => {
    const message = inside(sources, messages, name);
    return message && isObject(message.value) ? [message] : [];
  });
}

function checkEventMessage(sources: Sources, message: Place, event: EventModel, problems: Problem[]): void {
  const { file, field } = message;
  const report = (at: string, what: string, more?: Pick<Problem, 'why' | 'fix'>) =>
    problems.push({ code: 'C028', file, field: `${field}.${at}`, what, ...more });
  const name = inside(sources, message, 'name')?.value;
  if (typeof name === 'string' && name !== event.record.name)
    report('name', `is ${name}, the record is ${event.record.name}`, {
      fix: `Write "name: ${event.record.name}".`,
    });

  const contentType = partsOf(sources, message, 'contentType')[0]?.value ?? defaultContentType(sources, file);
  if (contentType !== CONTENT_TYPE)
    report('contentType', `is ${JSON.stringify(contentType ?? null)}, expected ${CONTENT_TYPE}`, {
      why: 'The codec writes Avro, and says so in the header content-type.',
      fix: `Leave it to the trait ${TRAIT}.`,
    });
  const headers = headersOf(sources, message);
  reportMissing(message, headers, EVENT_HEADERS, problems, {
    why: 'The codec writes these headers with every event, and consumers tell events apart by them.',
    fix: `Add the trait ${TRAIT}.`,
  });
  checkBinding(sources, message, report);
  checkExamples(sources, message, event, headers, problems);
}

function checkBinding(
  sources: Sources,
  message: Place,
  report: (at: string, what: string, more: Pick<Problem, 'why' | 'fix'>) => void,
): void {
  const kafka = partsOf(sources, message, 'bindings', 'kafka')[0];
  const type = inside(sources, kafka, 'key', 'type')?.value;
  if (type !== undefined && type !== 'string')
    report('bindings.kafka.key.type', `is ${JSON.stringify(type)}, expected string`, {
      why: 'The key of a record is a field of type string, as UTF-8.',
      fix: 'Write "type: string".',
    });
  for (const [name, expected] of Object.entries(BINDING)) {
    const value = inside(sources, kafka, name)?.value;
    if (value === expected) continue;
    report(`bindings.kafka.${name}`, `is ${JSON.stringify(value ?? null)}, expected "${expected}"`, {
      why: 'The codec writes the id of the schema as four bytes in front of the value; its subject is the topic with -value.',
      fix: `Write "${name}: ${name === 'schemaIdPayloadEncoding' ? `'${expected}'` : expected}".`,
    });
  }
}

/** Examples are written as those in the metadata: payloads as JSON, and headers by name. */
function checkExamples(
  sources: Sources,
  message: Place,
  { record, meta, schema }: EventModel,
  headers: ReadonlySet<string>,
  problems: Problem[],
): void {
  const examples = inside(sources, message, 'examples')?.value;
  if (!Array.isArray(examples)) return;
  const json = JSON.parse(schema) as Json;
  const { file } = message;
  for (const [index, example] of (examples as readonly Json[]).entries()) {
    if (!isObject(example)) continue;
    const field = `${message.field}.examples.${index}`;
    const { payload, headers: written } = example;
    if (payload !== undefined) {
      const found: Problem[] = [];
      checkExample(avroType(json), json, { record, meta: { ...meta, file, example: payload } }, found);
      problems.push(...found.map((problem) => inPayload(problem, `${field}.payload`)));
    }
    for (const name of isObject(written) ? Object.keys(written) : []) {
      if (headers.has(name)) continue;
      problems.push({
        code: 'C023',
        file,
        field: `${field}.headers.${name}`,
        what: `the message has no header ${name}`,
        why: COPIED,
        fix: 'Describe it in the headers of the message, or remove it from the example.',
      });
    }
  }
}

/** The same problem at `payload`, where it is not the example of the metadata that is meant. */
function inPayload({ code, file, field, what, fix }: Problem, payload: string): Problem {
  return { code, file, field: field.replace(/^example/, payload), what, why: COPIED, fix };
}

/** Returns what stands under `keys` in the message and in its traits, the message first. */
function partsOf(sources: Sources, message: Place, ...keys: readonly string[]): Place[] {
  const traits = inside(sources, message, 'traits');
  const list = Array.isArray(traits?.value) ? (traits.value as readonly Json[]) : [];
  const all = list.map((value, index) =>
    followReferences(sources, { file: message.file, field: `${message.field}.traits.${index}`, value }),
  );
  return [message, ...all].flatMap((place) => inside(sources, place, ...keys) ?? []);
}

function headersOf(sources: Sources, message: Place): ReadonlySet<string> {
  const properties = partsOf(sources, message, 'headers', 'properties');
  return new Set(properties.flatMap(({ value }) => (isObject(value) ? Object.keys(value) : [])));
}

function reportMissing(
  { file, field }: Place,
  headers: ReadonlySet<string>,
  expected: readonly string[],
  problems: Problem[],
  more: Pick<Problem, 'why' | 'fix'>,
): void {
  const missing = expected.filter((name) => !headers.has(name));
  if (missing.length === 0) return;
  const what = `does not describe the ${missing.length === 1 ? 'header' : 'headers'} ${missing.join(', ')}`;
  problems.push({ code: 'C028', file, field: `${field}.headers`, what, ...more });
}

function defaultContentType(sources: Sources, file: string): Json | undefined {
  const content = sources.content(file);
  return isObject(content) ? content['defaultContentType'] : undefined;
}
