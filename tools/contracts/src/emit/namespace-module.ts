import { LOGICAL_TYPES } from '@eda/contracts/avro';
import type { EventModel, Json, NamedType } from '../contract-model.ts';
import { isObject, textOf } from '../json.ts';
import { assignment, constantCase, docComment, HEADER, lowerFirst, stringLiteral } from './typescript.ts';

/** The TypeScript types of what Avro has built in. */
export const PRIMITIVE_TYPES: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  bytes: 'Buffer',
  string: 'string',
};

interface Field {
  readonly name: string;
  readonly type: Json;
  readonly doc?: string;
  readonly default?: Json;
}

/**
 * Returns the module of one namespace: a type per named Avro type, and for each event the input type, the schema and
 * the contract. A type of another namespace is imported from that namespace's module.
 */
export function emitNamespaceModule(
  namespace: string,
  types: readonly NamedType[],
  events: readonly EventModel[],
): string {
  const emitter = new NamespaceEmitter(namespace, types);
  const own = events.filter(({ record }) => record.namespace === namespace);
  const eventOf = new Map(own.map((event) => [event.record, event]));
  const body = types
    .filter((type) => type.namespace === namespace)
    .map((type) => emitter.type(type, eventOf.get(type)))
    .join('\n');
  const contract = own.length > 0 ? `import type { EventContract } from '../event-contract.ts';\n` : '';
  const imports = contract + emitter.imports();
  return `${HEADER}${imports}${imports === '' ? '' : '\n'}${body}`;
}

class NamespaceEmitter {
  readonly #namespace: string;
  readonly #types: ReadonlyMap<string, NamedType>;
  /** Module -> names with their alias. */
  readonly #imports = new Map<string, Set<string>>();

  constructor(namespace: string, types: readonly NamedType[]) {
    this.#namespace = namespace;
    this.#types = new Map(types.map((type) => [type.fullName, type]));
  }

  imports(): string {
    return [...this.#imports]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, names]) => `import type { ${[...names].sort().join(', ')} } from './${module}.ts';\n`)
      .join('');
  }

  type(type: NamedType, event: EventModel | undefined): string {
    const kind = type.definition['type'];
    if (kind === 'enum') return this.#enum(type);
    if (kind === 'fixed') {
      return `${docComment(docOf(type))}export type ${type.name} = Buffer;\n`;
    }
    const fields = type.definition['fields'] as unknown as readonly Field[];
    return [
      this.#record(type, fields),
      this.#input(type, fields),
      ...(event ? [this.#contract(type, event)] : []),
    ].join('\n');
  }

  #enum({ name, definition }: NamedType): string {
    const symbols = definition['symbols'] as readonly string[];
    const constant = `${constantCase(name)}S`;
    return (
      docComment(`All symbols of ${name}, in the order of the schema.`) +
      `export const ${constant} = [${symbols.map(stringLiteral).join(', ')}] as const;\n\n` +
      docComment(textOf(definition['doc'])) +
      `export type ${name} = (typeof ${constant})[number];\n`
    );
  }

  #record(type: NamedType, fields: readonly Field[]): string {
    const lines = fields.map(
      (field) => `${this.#fieldDoc(field)}  readonly ${field.name}: ${this.#tsType(field.type, false)};\n`,
    );
    return `${docComment(docOf(type))}export interface ${type.name} {\n${lines.join('')}}\n`;
  }

  #input(type: NamedType, fields: readonly Field[]): string {
    const same = fields.every(
      (field) =>
        field.default === undefined && this.#tsType(field.type, true) === this.#tsType(field.type, false),
    );
    const doc = docComment(`${type.name} as it may be written: fields that have a default can be left out.`);
    if (same) return `${doc}export type ${type.name}Input = ${type.name};\n`;
    const lines = fields.map((field) => {
      const optional = field.default !== undefined;
      const tsType = this.#tsType(field.type, true);
      return `${this.#fieldDoc(field)}  readonly ${field.name}${optional ? '?' : ''}: ${tsType}${optional ? ' | undefined' : ''};\n`;
    });
    return `${doc}export interface ${type.name}Input {\n${lines.join('')}}\n`;
  }

  #contract({ name }: NamedType, { record, meta, subject, schema, fingerprint }: EventModel): string {
    const constant = constantCase(name);
    return (
      docComment(`Schema of ${name} as it is registered.`) +
      `${assignment(`export const ${constant}_SCHEMA =`, stringLiteral(schema), ';')}\n` +
      docComment(`SHA-256 of the Parsing Canonical Form of the schema of ${name}.`) +
      `${assignment(`export const ${constant}_FINGERPRINT =`, stringLiteral(fingerprint), ';')}\n` +
      docComment(meta.description) +
      `export const ${lowerFirst(name)}: EventContract<${name}, ${name}Input> = {\n` +
      `  type: ${stringLiteral(record.fullName)},\n` +
      `  topic: ${stringLiteral(meta.topic)},\n` +
      `  subject: ${stringLiteral(subject)},\n` +
      `  kind: ${stringLiteral(meta.class)},\n` +
      `  schema: ${constant}_SCHEMA,\n` +
      `  fingerprint: ${constant}_FINGERPRINT,\n` +
      `  key: (data) => data.${meta.key},\n` +
      `};\n`
    );
  }

  #fieldDoc(field: Field): string {
    const logical = logicalDoc(field.type);
    return docComment([field.doc ?? '', logical].filter((part) => part !== '').join(' '), '  ');
  }

  #tsType(schema: Json, input: boolean): string {
    if (typeof schema === 'string') return PRIMITIVE_TYPES[schema] ?? this.#reference(schema, input);
    if (Array.isArray(schema)) {
      const branches = (schema as readonly Json[]).map((branch) => this.#tsType(branch, input));
      return [
        ...branches.filter((branch) => branch !== 'null'),
        ...branches.filter((branch) => branch === 'null'),
      ].join(' | ');
    }
    if (!isObject(schema)) throw new TypeError(`not a schema: ${JSON.stringify(schema)}`);
    const logical = LOGICAL_TYPES.get(textOf(schema['logicalType']));
    if (logical) return logical.tsType;
    if (schema['type'] === 'array') {
      const item = this.#tsType(schema['items'] ?? null, input);
      return `readonly ${item.includes(' ') ? `(${item})` : item}[]`;
    }
    if (schema['type'] === 'map')
      return `Readonly<Record<string, ${this.#tsType(schema['values'] ?? null, input)}>>`;
    return PRIMITIVE_TYPES[textOf(schema['type'])] ?? 'never';
  }

  #reference(fullName: string, input: boolean): string {
    const type = this.#types.get(fullName);
    if (!type) throw new TypeError(`type ${fullName} is not defined`);
    const logical = LOGICAL_TYPES.get(textOf(type.definition['logicalType']));
    if (logical) return logical.tsType;
    const name = input && type.definition['type'] === 'record' ? `${type.name}Input` : type.name;
    if (type.namespace === this.#namespace) return name;
    // Two namespaces may have a type of the same name, so the alias carries the namespace.
    const alias = `${type.namespace.replace(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}${name}`;
    const names = this.#imports.get(type.namespace) ?? new Set();
    this.#imports.set(type.namespace, names.add(`${name} as ${alias}`));
    return alias;
  }
}

function docOf(type: NamedType): string {
  return textOf(type.definition['doc']);
}

function logicalDoc(schema: Json): string {
  if (Array.isArray(schema))
    return (schema as readonly Json[]).map(logicalDoc).find((doc) => doc !== '') ?? '';
  if (!isObject(schema)) return '';
  return LOGICAL_TYPES.get(textOf(schema['logicalType']))?.doc?.(schema as never) ?? '';
}
