/** The reference of all events for people, in Markdown. */
import { kept } from '../describe/kept.ts';
import type { EventDescription, FieldOfEvent } from '../describe/describe-events.ts';

/** Where the pages stand, from the root of the repository; nothing else stands there. */
export const REFERENCE = 'docs/reference/events';

const HEADER =
  '<!-- Generated from schemas/ and apps/*/asyncapi.yaml by `npm run generate`. Do not edit. -->\n\n';

/** Returns a page for each event and one that lists them, by their paths from the root of the repository. */
export function emitReferencePages(events: readonly EventDescription[]): Map<string, string> {
  return new Map([
    [`${REFERENCE}/README.md`, indexPage(events)],
    ...events.map((event) => [`${REFERENCE}/${pageOf(event)}`, eventPage(event)] as const),
  ]);
}

function pageOf({ topic }: EventDescription): string {
  return `${topic.name}.md`;
}

function indexPage(events: readonly EventDescription[]): string {
  const rows = events.map((event) => [
    `[${event.event.record.name}](${pageOf(event)})`,
    code(event.topic.name),
    event.topic.owner,
    text(event.topic.description),
  ]);
  return `${HEADER}# Events\n\n${table(['event', 'topic', 'owner', 'says'], rows)}`;
}

function eventPage(described: EventDescription): string {
  const { event, doc, topic, fields, uses, rights, failureTopics } = described;
  const { meta, record, subject } = event;
  const facts = [
    ['Topic', code(topic.name)],
    ['Key', `${code(meta.key)}: events of one ${code(meta.key)} stay in order`],
    [
      'Class',
      meta.class === 'state' ? 'state: the newest record of a key replaces all earlier ones' : 'event',
    ],
    ['Partitions', String(meta.partitions)],
    ['Kept', kept(topic)],
    ['Owner', meta.owner],
    ['Subject', `${code(subject)}, ${code(meta.compatibility)}`],
    ['Schema', link(record.file.split('/').at(-1) ?? '', record.file)],
  ];
  return [
    `${HEADER}# ${record.name}`,
    text(topic.description),
    ...(doc === topic.description ? [] : [text(doc)]),
    table(['', ''], facts),
    '## Fields',
    table(['field', 'type', 'says'], fields.map(fieldRow)),
    '## Example',
    `\`\`\`json\n${JSON.stringify(meta.example, undefined, 2)}\n\`\`\``,
    '## Who uses it',
    table(
      ['app', 'operation', 'group', 'what for'],
      uses.map(({ app, operation }) => [
        link(app, `apps/${app}/asyncapi.yaml`),
        operation.purpose,
        operation.group === undefined ? '' : code(operation.group),
        text(operation.summary),
      ]),
    ),
    '## Who may',
    table(
      ['app', 'rights on the topic'],
      rights.map(({ app, operations }) => [app, operations.join(', ')]),
    ),
    ...(failureTopics.length === 0
      ? []
      : [
          '## Where records go that cannot be handled',
          table(
            ['topic', 'of the group', 'says'],
            failureTopics.map((failed) => [
              code(failed.name),
              (failed.deadLetterOf ?? failed.retryOf)?.group ?? '',
              text(failed.description),
            ]),
          ),
        ]),
  ]
    .map((block) => block.trimEnd())
    .join('\n\n')
    .concat('\n');
}

function fieldRow({
  path,
  type,
  symbols,
  doc,
  default: preset,
  unit,
  isKey,
  isPersonal,
}: FieldOfEvent): string[] {
  return [
    code(path),
    type,
    [
      text(doc),
      ...(symbols ? [`One of ${symbols.map(code).join(', ')}.`] : []),
      ...(unit === undefined ? [] : [`Counts ${text(unit)}.`]),
      ...(preset === undefined ? [] : [`${code(preset)} where it is missing.`]),
      ...(isKey ? ['**Key.**'] : []),
      ...(isPersonal ? ['**Personal data.**'] : []),
    ].join(' '),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

function code(value: string): string {
  return `\`${value.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

function link(label: string, file: string): string {
  return `[${label}](${'../'.repeat(REFERENCE.split('/').length)}${file})`;
}

/** What stands in contracts is text: no markup, and nothing that ends a cell. */
function text(value: string): string {
  return value.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|#!&~]/g, (character) => `\\${character}`);
}
