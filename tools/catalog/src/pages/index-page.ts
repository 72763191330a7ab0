import type { ContractsDescription } from '@eda/contracts-cli/describe';
import { drawGraph } from '../graph.ts';
import { html } from '../html.ts';
import { appPage, eventPage } from '../paths.ts';
import { document, table } from './page.ts';

/** Returns the first page: the drawing, all events and all apps. */
export function indexPageHtml(contracts: ContractsDescription): string {
  const { events, topology } = contracts;
  return document({
    title: 'All events and apps',
    toRoot: '',
    body: html`<h1>Event catalogue</h1>
      <p class="lead">
        What is written to Kafka, by whom, for whom, and what it means. Made of the contracts.
      </p>
      ${drawGraph(contracts, '')}
      <p class="hint">
        Round: a topic with its event, or with the newest state of each key. Square: an app. Dashed: a call
        over HTTP. Apps that only look on are not joined to anything.
      </p>
      <h2 id="events">Events</h2>
      ${table(
        ['Event', 'Topic', 'Owner', 'Says'],
        events.map(({ event, topic }) => [
          html`<a href="${eventPage(topic.name)}">${event.record.name}</a>`,
          html`<code>${topic.name}</code>`,
          html`<a href="${appPage(topic.owner)}">${topic.owner}</a>`,
          topic.description,
        ]),
        'All events',
      )}
      <h2 id="apps">Apps</h2>
      ${table(
        ['App', 'Role', 'Does'],
        topology.apps.map(({ name, title, role, description }) => [
          html`<a href="${appPage(name)}">${title}</a>`,
          role,
          description,
        ]),
        'All apps',
      )}`,
  });
}
