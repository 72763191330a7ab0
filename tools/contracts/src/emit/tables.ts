import type { ContractModel, EventModel, NamedType } from '../contract-model.ts';
import { exportName } from './export-name.ts';
import { constantCase, docComment, HEADER, literal, lowerFirst } from './typescript.ts';

/** Returns the module with the topics table. */
export function emitTopics({ topics }: ContractModel): string {
  return (
    `${HEADER}import type { TopicDefinition } from '../topics.ts';\n\n` +
    docComment(
      'All topics, those for dead letters included, with everything a broker must be told to create them.',
    ) +
    `export const TOPICS: readonly TopicDefinition[] = ${literal(topics)};\n`
  );
}

/** Returns the module with the schemas to register. */
export function emitSchemas({ events, schemas }: ContractModel): string {
  const constants = events.map(({ record }) => ({
    constant: `${exportName(record.namespace, record.name, constantCase)}_SCHEMA`,
    module: record.namespace,
    original: `${constantCase(record.name)}_SCHEMA`,
  }));
  const imports = [...new Set(constants.map(({ module }) => module))].map((module) => {
    const names = constants
      .filter((entry) => entry.module === module)
      .map(({ constant, original }) => (constant === original ? constant : `${original} as ${constant}`));
    return `import {\n${names.map((name) => `  ${name},\n`).join('')}} from './${module}.ts';\n`;
  });
  const entries = schemas.map(({ subject, type, compatibility }, index) =>
    [
      '  {\n',
      `    subject: ${literal(subject)},\n`,
      `    type: ${literal(type)},\n`,
      `    schema: ${constants[index]?.constant ?? ''},\n`,
      `    compatibility: ${literal(compatibility)},\n`,
      '  },\n',
    ].join(''),
  );
  return (
    `${HEADER}import type { SchemaDefinition } from '../topics.ts';\n${imports.join('')}\n` +
    docComment('All schemas, as the platform registers them; services never do.') +
    `export const SCHEMAS: readonly SchemaDefinition[] = [\n${entries.join('')}];\n`
  );
}

/** Returns the module with the apps, and who sends and receives what. */
export function emitTopology({ topology }: ContractModel): string {
  return (
    `${HEADER}import type { Topology } from '../topology.ts';\nimport { TOPICS } from './topics.ts';\n\n` +
    docComment('All apps with what they send and receive, and all topics.') +
    `export const TOPOLOGY: Topology = {\n  apps: ${literal(topology.apps, '  ')},\n  topics: TOPICS,\n};\n`
  );
}

/**
 * Returns the module that exports everything. Names of a first major version stay as they are, those of a later one
 * get it as suffix (`StockMovedV2`), so that a new version never changes what a name means.
 */
export function emitIndex({ types, events }: ContractModel): string {
  const namespaces = [...new Set(types.map(({ namespace }) => namespace))].sort();
  const eventOf = new Map(events.map((event) => [event.record, event]));
  const exports = namespaces.map((namespace) => {
    const names = types
      .filter((type) => type.namespace === namespace)
      .flatMap((type) => exportsOf(type, eventOf.get(type)));
    return `export {\n${names
      .sort()
      .map((name) => `  ${name},\n`)
      .join('')}} from './${namespace}.ts';\n`;
  });
  const contracts = events.map(({ record }) => ({
    namespace: record.namespace,
    original: lowerFirst(record.name),
    name: exportName(record.namespace, record.name, lowerFirst),
  }));
  const imports = namespaces
    .map((namespace) => ({ namespace, of: contracts.filter((contract) => contract.namespace === namespace) }))
    .filter(({ of }) => of.length > 0)
    .map(({ namespace, of }) => {
      const names = of.map(({ original, name }) => (original === name ? name : `${original} as ${name}`));
      return `import { ${names.join(', ')} } from './${namespace}.ts';\n`;
    });
  return (
    `${HEADER}import type { AnyEventContract } from '../event-contract.ts';\n${imports.join('')}\n` +
    `${exports.join('')}export { SCHEMAS } from './schemas.ts';\nexport { TOPICS } from './topics.ts';\n` +
    `export { TOPOLOGY } from './topology.ts';\n\n` +
    docComment('The contracts of all events.') +
    `export const EVENTS: readonly AnyEventContract[] = [\n${contracts.map(({ name }) => `  ${name},\n`).join('')}];\n`
  );
}

function exportsOf(type: NamedType, event: EventModel | undefined): string[] {
  const { name, namespace, definition } = type;
  const renamed = (original: string, exported: string, prefix = '') =>
    prefix + (original === exported ? original : `${original} as ${exported}`);
  const typeName = renamed(name, exportName(namespace, name, same), 'type ');
  if (definition['type'] === 'fixed') return [typeName];
  if (definition['type'] === 'enum') {
    return [typeName, renamed(`${constantCase(name)}S`, `${exportName(namespace, name, constantCase)}S`)];
  }
  const input = renamed(`${name}Input`, `${exportName(namespace, name, same)}Input`, 'type ');
  if (!event) return [typeName, input];
  const constants = ['SCHEMA', 'FINGERPRINT'].map((suffix) =>
    renamed(`${constantCase(name)}_${suffix}`, `${exportName(namespace, name, constantCase)}_${suffix}`),
  );
  return [typeName, input, ...constants, renamed(lowerFirst(name), exportName(namespace, name, lowerFirst))];
}

function same(name: string): string {
  return name;
}
