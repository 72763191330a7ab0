import type {
  ContractsDescription,
  DescribedEvent,
  FieldOfEvent,
  VersionDescription,
} from '@eda/contracts-cli/describe';
import { kept } from '@eda/contracts-cli/describe';
import { drawGraph } from '../graph.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { lineageOf, pathsOf } from '../lineage.ts';
import { appPage, eventPage, schemaFile } from '../paths.ts';
import { document, facts, table } from './page.ts';

const ROOT = '../';

/** Returns the page of one event: what it says, who uses it, how it has changed. */
export function eventPageHtml(described: DescribedEvent, contracts: ContractsDescription): string {
  const { event, doc, topic, fields, uses, rights, failureTopics, versions } = described;
  const { meta, record, subject } = event;
  const { before, after } = pathsOf(topic.name, lineageOf(contracts));
  const app = (name: string) => html`<a href="${ROOT}${appPage(name)}">${name}</a>`;
  const list = (purpose: string) => {
    const names = [
      ...new Set(uses.filter(({ operation }) => operation.purpose === purpose).map((use) => use.app)),
    ];
    return names.length === 0
      ? 'nobody'
      : html`${names.map((name, index) => html`${index === 0 ? '' : ', '}${app(name)}`)}`;
  };
  return document({
    title: record.name,
    toRoot: ROOT,
    body: html`<h1>${record.name}</h1>
      <p class="lead">${topic.description}</p>
      ${doc === topic.description ? undefined : html`<p>${doc}</p>`}
      ${facts([
        ['Topic', html`<code>${topic.name}</code>`],
        ['Key', html`<code>${meta.key}</code>, in order for each`],
        [
          'Class',
          meta.class === 'state' ? 'state: the newest record of a key replaces all earlier ones' : 'event',
        ],
        ['Partitions', String(meta.partitions)],
        ['Kept', kept(topic)],
        ['Owner', app(meta.owner)],
        ['Published by', list('publish')],
        ['Consumed by', list('consume')],
        ['Subject', html`<code>${subject}</code>, ${meta.compatibility}`],
        ['Schema', html`<a href="${ROOT}${schemaFile(topic.name)}">${record.name}.avsc</a>`],
      ])}
      ${drawGraph(contracts, ROOT, `topic:${topic.name}`)}
      <h2 id="fields">Fields</h2>
      ${table(['Field', 'Type', 'Says'], fields.map(fieldRow), `Fields of ${record.name}`)}
      <h2 id="example">Example</h2>
      <pre>${JSON.stringify(meta.example, undefined, 2)}</pre>
      <h2 id="versions">Versions</h2>
      ${versions.map(versionHtml)}
      <h2 id="uses">Who uses it</h2>
      ${table(
        ['App', 'Operation', 'Group', 'What for'],
        uses.map(({ app: name, operation }) => [
          app(name),
          operation.purpose,
          operation.group === undefined ? '' : html`<code>${operation.group}</code>`,
          operation.summary,
        ]),
        `Operations on ${topic.name}`,
      )}
      <h2 id="rights">Who may</h2>
      ${table(
        ['App', 'Rights on the topic'],
        rights.map(({ app: name, operations }) => [app(name), operations.join(', ')]),
        `Rights on ${topic.name}`,
      )}
      ${
        failureTopics.length === 0
          ? undefined
          : html`<h2 id="failures">Where records go that cannot be handled</h2>
              ${table(
                ['Topic', 'Group', 'Says', 'Kept'],
                failureTopics.map((failed) => [
                  html`<code>${failed.name}</code>`,
                  (failed.deadLetterOf ?? failed.retryOf)?.group ?? '',
                  failed.description,
                  kept(failed),
                ]),
                'Topics for records that could not be handled',
              )}`
      }
      <h2 id="lineage">Lineage</h2>
      ${facts([
        ['May follow from', topicsHtml(before, contracts)],
        ['May lead to', topicsHtml(after, contracts)],
      ])}`,
  });
}

function fieldRow({
  path,
  type,
  symbols,
  doc,
  unit,
  default: preset,
  isKey,
  isPersonal,
}: FieldOfEvent): (Html | string)[] {
  return [
    html`<code id="field-${path}">${path}</code
      >${isKey ? html` <span class="mark key">key</span>` : undefined}${
        isPersonal ? html` <span class="mark personal">personal data</span>` : undefined
      }`,
    type,
    html`${doc}${symbols ? html` One of ${symbols.map((symbol, index) => html`${index === 0 ? '' : ', '}<code>${symbol}</code>`)}.` : undefined}${
      unit === undefined ? undefined : html` Counts ${unit}.`
    }${preset === undefined ? undefined : html` <code>${preset}</code> where it is missing.`}`,
  ];
}

function versionHtml({ version, changes }: VersionDescription): Html {
  const name = version === undefined ? 'Not released yet' : `Version ${version}`;
  return html`<h3>${name}</h3>
    ${
      changes === undefined
        ? html`<p>The first.</p>`
        : changes.length === 0
          ? html`<p>Nothing that people would see.</p>`
          : html`<ul class="changes">
              ${changes.map((change) => html`<li>${change}</li>`)}
            </ul>`
    } `;
}

function topicsHtml(topics: readonly string[], { events }: ContractsDescription): Html | string {
  const known = topics.flatMap((name) => events.find(({ topic }) => topic.name === name) ?? []);
  return known.length === 0
    ? 'no other event'
    : html`${known.map(({ event, topic }, index) => html`${index === 0 ? '' : ', '}<a href="${ROOT}${eventPage(topic.name)}">${event.record.name}</a>`)}`;
}
