import type { ContractsDescription } from '@eda/contracts-cli/describe';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { lineageOf } from '../lineage.ts';
import { appPage, eventPage } from '../paths.ts';
import { document, table } from './page.ts';

/** Returns the page that tells from which topics each app makes others. */
export function lineagePageHtml(contracts: ContractsDescription): string {
  const { events } = contracts;
  const links = (topics: readonly string[]): Html =>
    html`${topics.map((name, index) => {
      const described = events.find(({ topic }) => topic.name === name);
      return html`${index === 0 ? '' : html`<br />`}${
        described ? html`<a href="${eventPage(name)}">${described.event.record.name}</a>` : name
      }`;
    })}`;
  return document({
    title: 'Lineage',
    toRoot: '',
    body: html`<h1>Lineage</h1>
      <p class="lead">From which events each app makes others.</p>
      ${table(
        ['From', 'App', 'To'],
        lineageOf(contracts).map(({ app, inputs, outputs }) => [
          links(inputs),
          html`<a href="${appPage(app)}">${app}</a>`,
          links(outputs),
        ]),
        'Lineage from topic to topic',
      )}
      <p>
        The same for catalogues of data: <a href="openlineage.ndjson">OpenLineage</a>, an event in each line.
      </p>`,
  });
}
