import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { describeContracts } from '@eda/contracts-cli/describe';
import { BadDocument } from './bad-document.ts';
import { toOpenLineage } from './openlineage.ts';
import type { OpenLineageOptions } from './openlineage.ts';
import { appPageHtml } from './pages/app-page.ts';
import { eventPageHtml } from './pages/event-page.ts';
import { indexPageHtml } from './pages/index-page.ts';
import { lineagePageHtml } from './pages/lineage-page.ts';
import { appPage, eventPage, schemaFile } from './paths.ts';
import { openApiOf, readRestOperations } from './rest-operations.ts';
import { searchEntries } from './search-index.ts';

/** The console's, so that both look alike. */
const PAGE = join(import.meta.dirname, '../../../apps/console/src/page');
const SITE = join(import.meta.dirname, 'site');

/**
 * Returns the catalogue of the contracts under `root`: every file of the site with its content. It needs no server and nothing
 * from elsewhere. Throws `ContractsInvalid` when the contracts are wrong, and `BadDocument`.
 */
export function catalogFiles(root: string, options: OpenLineageOptions): Map<string, string> {
  const contracts = describeContracts(root);
  const { apps } = contracts.topology;
  const rest = new Map(
    apps.flatMap(({ name }) => {
      const operations = readRestOperations(root, name);
      return operations ? [[name, operations] as const] : [];
    }),
  );
  // A line that ends a script must not stand in one.
  const index = JSON.stringify(searchEntries(contracts, rest)).replaceAll('<', '\\u003c');
  return new Map([
    // First: a build that was broken off is known by it, and the next may take its place.
    ['search-index.js', `globalThis.CATALOG = ${index};\n`],
    ['index.html', indexPageHtml(contracts)],
    ['lineage.html', lineagePageHtml(contracts)],
    ...contracts.events.flatMap((described): [string, string][] => {
      const topic = described.topic.name;
      const schema = JSON.parse(described.event.schema) as unknown;
      return [
        [eventPage(topic), eventPageHtml(described, contracts)],
        [schemaFile(topic), `${JSON.stringify(schema, undefined, 2)}\n`],
      ];
    }),
    ...apps.flatMap((app): [string, string][] => [
      [appPage(app.name), appPageHtml(app, rest.get(app.name), contracts)],
      [`apps/${app.name}.asyncapi.json`, readBundle(root, app.name)],
      ...(rest.has(app.name)
        ? [
            [`apps/${app.name}.openapi.json`, readFileSync(join(root, openApiOf(app.name)), 'utf8')] as [
              string,
              string,
            ],
          ]
        : []),
    ]),
    [
      'openlineage.ndjson',
      toOpenLineage(contracts, options)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    ],
    ['catalog.js', stripTypeScriptTypes(readFileSync(join(SITE, 'catalog.ts'), 'utf8'))],
    ['catalog.css', readFileSync(join(SITE, 'catalog.css'), 'utf8')],
    ...['styles/tokens.css', 'styles/base.css', 'icon.svg'].map((file): [string, string] => [
      basename(file),
      readFileSync(join(PAGE, file), 'utf8'),
    ]),
  ]);
}

function readBundle(root: string, app: string): string {
  const file = `apps/${app}/asyncapi.bundle.json`;
  if (!existsSync(join(root, file)))
    throw new BadDocument(file, 'is missing', 'Write it from the contracts: npx contracts generate');
  return readFileSync(join(root, file), 'utf8');
}

/** Writes the catalogue of the contracts under `root` into the folder `out`, in place of what stood there; returns how many files. */
export function buildCatalog(root: string, out: string, options: OpenLineageOptions): number {
  const files = catalogFiles(root, options);
  rmSync(out, { recursive: true, force: true });
  for (const [file, content] of files) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    writeFileSync(join(out, file), content);
  }
  return files.size;
}
