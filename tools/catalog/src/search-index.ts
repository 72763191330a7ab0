import type { ContractsDescription } from '@eda/contracts-cli/describe';
import { appPage, eventPage } from './paths.ts';
import type { RestOperation } from './rest-operations.ts';

/** What the search finds; see `site/catalog.ts`. */
export interface SearchEntry {
  readonly title: string;
  readonly kind: string;
  readonly text: string;
  readonly page: string;
}

/** Returns an entry for every event, field, app, topic and HTTP operation. */
export function searchEntries(
  { events, topology, topics }: ContractsDescription,
  rest: ReadonlyMap<string, readonly RestOperation[]>,
): SearchEntry[] {
  const entry = (title: string, kind: string, page: string, ...more: readonly string[]): SearchEntry => ({
    title,
    kind,
    text: [title, kind, ...more].join(' ').toLowerCase(),
    page,
  });
  return [
    ...events.map(({ event, topic, doc }) =>
      entry(event.record.name, 'event', eventPage(topic.name), topic.name, topic.description, doc),
    ),
    ...topology.apps.map(({ name, title, description }) =>
      entry(title, 'app', appPage(name), name, description),
    ),
    ...events.flatMap(({ event, topic, fields }) =>
      fields.map(({ path, type, doc, symbols = [], isPersonal }) =>
        entry(
          path,
          `field of ${event.record.name}`,
          `${eventPage(topic.name)}#field-${path}`,
          type,
          doc,
          ...symbols,
          isPersonal ? 'personal data' : '',
        ),
      ),
    ),
    ...topics.flatMap(({ name, kind, deadLetterOf, retryOf, description }) => {
      const source = (deadLetterOf ?? retryOf)?.topic;
      return source === undefined
        ? []
        : [entry(name, `${kind} topic`, `${eventPage(source)}#failures`, description)];
    }),
    ...[...rest].flatMap(([app, operations]) =>
      operations.map(({ method, path, summary }) =>
        entry(`${method} ${path}`, `HTTP of ${app}`, `${appPage(app)}#rest`, summary),
      ),
    ),
  ];
}
