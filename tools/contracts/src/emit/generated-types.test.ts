/**
 * The types that are generated, against values of schemas that nobody wrote: each value comes back from its bytes, the compiler
 * takes it for the type, and what is no value is refused.
 */
import { avroType } from '@eda/contracts/avro';
import { arbitraryValue } from '@eda/contracts/arbitrary-value';
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it, onTestFinished } from 'vitest';
import type { Json } from '../contract-model.ts';
import { ROOT } from '../copy-contracts.ts';
import { inlineSchema } from '../inline-schema.ts';
import { TypeCollector } from '../type-collector.ts';
import { emitNamespaceModule } from './namespace-module.ts';

const SCHEMAS = 60;
const NAMESPACES = ['eda.first.v1', 'eda.second.v1', 'eda.second.v2'];
const DOCS = [
  'Plain.',
  'Ends */ early.',
  'Two\nlines, `code` and ${this}.',
  '// @ts-nocheck',
  'é \u2028 "\\u0041"',
];
/** Some of them words that TypeScript has for itself; none that every object has, which the compiler would not miss. */
const FIELDS = ['id', 'class', 'default', 'then', 'a1', 'snake_case', 'type', 'new', 'readonly'];

/** A kind of type, to be made with names that are used once. */
type Make = (names: Names) => Json;

interface Names {
  /** The full name of the record the type stands in. */
  readonly self: string;
  /** Returns a name that no other type has. */
  readonly fresh: (kind: string) => string;
  /** Earlier records, which may be referred to. */
  readonly earlier: readonly string[];
}

const scalar = fc.constantFrom<Json>(
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'string',
  'bytes',
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'int', logicalType: 'date' },
  { type: 'string', logicalType: 'uuid' },
  { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 3 },
);

const { type: anyType } = fc.letrec<{ type: Make; record: Make }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar.map(
      (schema): Make =>
        () =>
          schema,
    ),
    fc.integer({ min: 1, max: 5 }).map((count): Make => ({ fresh }) => ({
      type: 'enum',
      name: fresh('Enum'),
      doc: 'Symbols.',
      symbols: Array.from({ length: count }, (_, index) => `SYMBOL_${index}`),
    })),
    fc
      .integer({ min: 1, max: 9 })
      .map((size): Make => ({ fresh }) => ({ type: 'fixed', name: fresh('Fixed'), doc: 'Bytes.', size })),
    fc.constant<Make>(({ fresh }) => ({
      type: 'fixed',
      name: fresh('Amount'),
      doc: 'Money.',
      size: 9,
      logicalType: 'decimal',
      precision: 18,
      scale: 4,
    })),
    tie('type').map((make): Make => (names) => ({ type: 'array', items: make(names) })),
    tie('type').map((make): Make => (names) => ({ type: 'map', values: make(names) })),
    tie('type').map(
      (make): Make =>
        (names) =>
          nullable(make(names)),
    ),
    fc
      .constantFrom<Json>(
        ['string', 'int'],
        ['null', 'string', 'boolean', 'double'],
        ['null', { type: 'array', items: 'string' }, 'long'],
      )
      .map(
        (schema): Make =>
          () =>
            schema,
      ),
    fc.constant<Make>(({ self }) => ['null', self]),
    fc.nat().map(
      (index): Make =>
        ({ earlier }) =>
          earlier[index % Math.max(1, earlier.length)] ?? 'string',
    ),
    tie('record'),
  ),
  record: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...FIELDS), tie('type'), fc.constantFrom(...DOCS)), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 6,
    })
    .map((fields): Make => ({ fresh, earlier, self }) => {
      const name = fresh('Record');
      const namespace = self.slice(0, self.lastIndexOf('.'));
      const names = { fresh, earlier, self: `${namespace}.${name}` };
      return {
        type: 'record',
        name,
        doc: 'A record.',
        fields: fields.map(([field, make, doc]) => ({ name: field, type: make(names), doc })),
      };
    }),
}));

/** A union within a union is none. */
function nullable(schema: Json): Json {
  return Array.isArray(schema) ? (schema as readonly Json[]) : ['null', schema];
}

const event = fc.uniqueArray(fc.tuple(fc.constantFrom(...FIELDS), anyType, fc.constantFrom(...DOCS)), {
  selector: ([name]) => name,
  minLength: 1,
  maxLength: 6,
});

/** Keys of maps get something in front: for names that every object has, such as valueOf, TypeScript widens the type of the value. */
function nameOf(key: string): string {
  return JSON.stringify(FIELDS.includes(key) ? key : `key ${key}`);
}

/** Writes a value as TypeScript does. */
function literal(value: unknown): string {
  if (Buffer.isBuffer(value)) return `Buffer.from('${value.toString('hex')}', 'hex')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${nameOf(key)}: ${literal(inner)}`)
      .join(', ')} }`;
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

function compile(folder: string, files: readonly string[]): string[] {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => readFileSync(path, 'utf8'));
  const { compilerOptions } = config.config as { compilerOptions: object };
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, folder);
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    { ...options, noEmit: true, types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] },
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
    return `${file?.fileName ?? ''}:${line + 1} ${file?.text.split('\n')[line] ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

it(
  'values of any schema come back from their bytes and have the generated type; other values do not',
  { timeout: 180_000 },
  () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const said = `seed ${seed}`;
    const collector = new TypeCollector([]);
    const events: string[] = [];
    let count = 0;
    const fresh = (kind: string) => `${kind}${(count += 1)}`;
    fc.sample(event, { seed, numRuns: SCHEMAS }).forEach((fields, index) => {
      const namespace = NAMESPACES[index % NAMESPACES.length] ?? '';
      const name = `Event${index}`;
      const self = `${namespace}.${name}`;
      const schema = {
        type: 'record',
        name,
        namespace,
        doc: 'An event.',
        fields: fields.map(([field, make, doc]) => ({
          name: field,
          type: make({ self, fresh, earlier: events }),
          doc,
        })),
      };
      collector.collect(`schemas/${name}.avsc`, schema);
      events.push(self);
    });
    const types = [...collector.types.values()];
    // Within the repository, for the types of Node.
    mkdirSync(join(ROOT, 'tmp'), { recursive: true });
    const folder = mkdtempSync(join(ROOT, 'tmp/types-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'generated'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const modules = NAMESPACES.map((namespace) => {
      writeFileSync(join(folder, `generated/${namespace}.ts`), emitNamespaceModule(namespace, types, []));
      return `import * as ${namespace.replaceAll('.', '_')} from './generated/${namespace}.ts';\n`;
    });

    const uses = events.flatMap((fullName, index) => {
      const type = avroType(inlineSchema(fullName, collector.types));
      const name = `${fullName.slice(0, fullName.lastIndexOf('.')).replaceAll('.', '_')}.${fullName.split('.').at(-1) ?? ''}`;
      return fc.sample(arbitraryValue(type), { seed: seed + index, numRuns: 3 }).flatMap((value, sample) => {
        expect(type.fromBuffer(type.toBuffer(value)), `${said} ${fullName}`).toEqual(value);
        const fields = Object.entries(value as object);
        const first = fields[0]?.[0] ?? '';
        const record = (entries: readonly string[]) => `{ ${entries.join(', ')} }`;
        const entries = fields.map(([key, inner]) => `${JSON.stringify(key)}: ${literal(inner)}`);
        return [
          `export const value${index}_${sample}: ${name} = ${record(entries)};`,
          '// @ts-expect-error a field is missing',
          `export const less${index}_${sample}: ${name} = ${record(entries.slice(1))};`,
          '// @ts-expect-error a field has a value that no type has',
          `export const wrong${index}_${sample}: ${name} = ${record([`${JSON.stringify(first)}: Symbol()`, ...entries.slice(1)])};`,
        ];
      });
    });
    writeFileSync(join(folder, 'use.ts'), `${modules.join('')}${uses.join('\n')}\n`);
    expect(compile(folder, ['use.ts']), said).toEqual([]);
  },
);
