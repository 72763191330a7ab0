import type { ContractsDescription } from '@eda/contracts-cli/describe';
import type { TopologyApp } from '@eda/contracts';
import { drawGraph } from '../graph.ts';
import { html } from '../html.ts';
import { appPage, eventPage } from '../paths.ts';
import type { RestOperation } from '../rest-operations.ts';
import { document, facts, table } from './page.ts';

const ROOT = '../';

/** Returns the page of one app: its interface of events and, beside it, the one over HTTP (`rest`, if it has one). */
export function appPageHtml(
  app: TopologyApp,
  rest: readonly RestOperation[] | undefined,
  contracts: ContractsDescription,
): string {
  const { name, title, role, description, calls, operations } = app;
  const { events, topology, rights } = contracts;
  const acls = rights.find((user) => user.name === name)?.acls ?? [];
  const callers = topology.apps.filter((other) => other.calls.includes(name)).map((other) => other.name);
  const links = (names: readonly string[]) =>
    html`${names.map((other, index) => html`${index === 0 ? '' : ', '}<a href="${ROOT}${appPage(other)}">${other}</a>`)}`;
  const topicHtml = (topic: string) =>
    events.some((described) => described.topic.name === topic)
      ? html`<a href="${ROOT}${eventPage(topic)}"><code>${topic}</code></a>`
      : html`<code>${topic}</code>`;
  return document({
    title,
    toRoot: ROOT,
    body: html`<h1>${title}</h1>
      <p class="lead">${description}</p>
      ${facts([
        ['Name', html`<code>${name}</code>`],
        ['Role', role],
        ...(calls.length === 0 ? [] : [['Calls', links(calls)] as const]),
        ...(callers.length === 0 ? [] : [['Called by', links(callers)] as const]),
      ])}
      ${drawGraph(contracts, ROOT, `app:${name}`)}
      <div class="interfaces">
        <section aria-labelledby="events">
          <h2 id="events">Events</h2>
          ${
            operations.length === 0
              ? html`<p>Neither sends nor receives any.</p>`
              : table(
                  ['', 'Topic', 'What for'],
                  operations.map(({ action, purpose, topic, summary, group }) => [
                    action === 'send' ? `sends (${purpose})` : `receives (${purpose})`,
                    html`${topicHtml(topic)}${group === undefined ? undefined : html`<br />as <code>${group}</code>`}`,
                    summary,
                  ]),
                  `Events of ${title}`,
                )
          }
          <p><a href="${name}.asyncapi.json">AsyncAPI document</a></p>
        </section>
        <section aria-labelledby="rest">
          <h2 id="rest">HTTP</h2>
          ${
            rest === undefined
              ? html`<p>Has no interface of its own over HTTP.</p>`
              : html`${table(
                    ['Operation', 'What for', 'Answers'],
                    rest.map(({ method, path, summary, answers }) => [
                      html`<code>${method} ${path}</code>`,
                      summary,
                      answers.join(', '),
                    ]),
                    `HTTP operations of ${title}`,
                  )}
                  <p><a href="${name}.openapi.json">OpenAPI document</a></p>`
          }
        </section>
      </div>
      ${
        acls.length === 0
          ? undefined
          : html`<h2 id="rights">What it may do on Kafka</h2>
              ${table(
                ['On', 'Name', 'Rights'],
                acls.map(({ resource, operations: allowed }) => [
                  resource.type,
                  resource.type === 'topic' ? topicHtml(resource.name) : html`<code>${resource.name}</code>`,
                  allowed.join(', '),
                ]),
                `Rights of ${title}`,
              )}`
      }`,
  });
}
