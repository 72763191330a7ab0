/** Everything in the charts of apps that follows from their code and their contracts. */
import { TOPOLOGY } from '@eda/contracts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { parse, stringify } from 'yaml';
import { readChartFile } from '../render/chart-copy.ts';
import { loadAppConfig, type AppConfig } from './app-config.ts';
import { appNeeds } from './app-needs.ts';
import { configTable } from './config-table.ts';
import { withBlock } from './readme-block.ts';
import { isValues, valuesSchema, type ObjectSchema, type Values } from './values-schema.ts';

const LIBRARY = 'charts/service';
const HEADER =
  '# Generated from apps/*/asyncapi.yaml and apps/*/src/config.ts by `npm run generate`. Do not edit.\n';

interface LibrarySchema {
  readonly properties: { readonly exports: { readonly properties: Readonly<Record<string, ObjectSchema>> } };
}

/**
 * Returns the generated files of the charts of all apps with their contents, by their paths from `root`. An app that has a document and
 * no chart yet is on its way.
 */
export async function appChartFiles(root: string): Promise<Map<string, string>> {
  const configs = new Map<string, AppConfig>();
  for (const { name } of TOPOLOGY.apps) {
    if (existsSync(join(root, 'charts', name, 'Chart.yaml')))
      configs.set(name, await loadAppConfig(root, name));
  }
  const files = new Map<string, string>();
  for (const needs of appNeeds(TOPOLOGY, configs)) {
    const folder = `charts/${needs.app}`;
    const config = configs.get(needs.app);
    if (config === undefined) continue;
    files.set(`${folder}/contract.generated.yaml`, HEADER + stringify(needs));
    files.set(
      `${folder}/values.schema.json`,
      await format(JSON.stringify(schemaOf(root, needs.app, config)), { parser: 'json', printWidth: 110 }),
    );
    const readme = `${folder}/README.md`;
    if (existsSync(join(root, readme))) {
      files.set(readme, withBlock(readFileSync(join(root, readme), 'utf8'), 'config', configTable(config)));
    }
  }
  return files;
}

function schemaOf(root: string, chart: string, config: AppConfig): object {
  const folder = join(root, 'charts', chart);
  const library = json(join(root, LIBRARY, 'values.schema.json')) as LibrarySchema;
  const shared = yaml(join(root, LIBRARY, 'values.yaml')) as { exports: Record<string, Values> };
  const { dependencies = [] } = readChartFile(folder);
  const imported = dependencies.flatMap((dependency) => dependency['import-values'] ?? []);
  const ownFile = join(folder, 'values.own.schema.json');
  const defaults = imported.map((name) => shared.exports[name] ?? {});
  return valuesSchema({
    chart,
    groups: imported
      .map((name) => library.properties.exports.properties[name])
      .filter((part) => part !== undefined),
    ...(existsSync(ownFile) ? { own: json(ownFile) as ObjectSchema } : {}),
    config,
    defaults: merged([...defaults, yaml(join(folder, 'values.yaml')) as Values]),
  });
}

/** As Helm merges values: objects key by key, all else by the last. */
function merged(layers: readonly Values[]): Values {
  const result: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      const before = result[key];
      result[key] = isValues(before) && isValues(value) ? merged([before, value]) : value;
    }
  }
  return result;
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const yaml = (file: string): unknown => parse(readFileSync(file, 'utf8'));
