/** AsyncAPI documents that stand alone: for tools that read one file, such as Backstage, Microcks or AsyncAPI Studio. */
import { posix } from 'node:path';
import type { Json } from '../contract-model.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** JSON has no comments; AsyncAPI takes what begins with x-. */
const MARK = { 'x-generated': 'from asyncapi.yaml beside it by npm run generate; do not edit' };

/** What references lead to. */
export interface BundleSources {
  /** Returns what the YAML file holds, undefined when there is none. */
  readonly document: (file: string) => Json | undefined;
  /** Returns the schema in the file as it is registered, undefined when there is none. */
  readonly schema: (file: string) => Json | undefined;
  /** Examples of messages by the schema file of their payload, for messages without any. */
  readonly examples: ReadonlyMap<string, Json>;
}

/**
 * Returns the AsyncAPI document `file` with everything in it that it refers to in other files; references within the document
 * itself stay. Messages have the examples of their events. JSON, which is written and read ten times as fast as YAML. Schemas are those that are registered. Throws when a reference leads nowhere, which the rules have excluded.
 */
export function emitBundle(file: string, sources: BundleSources): string {
  const bundle = new Bundler(file, sources).resolve(sources.document(file) ?? null, file, []);
  return `${JSON.stringify({ ...(isObject(bundle) && bundle), ...MARK }, undefined, 2)}\n`;
}

class Bundler {
  readonly #home: string;
  readonly #sources: BundleSources;

  constructor(home: string, sources: BundleSources) {
    this.#home = home;
    this.#sources = sources;
  }

  resolve(value: Json, file: string, outer: readonly string[]): Json {
    if (Array.isArray(value))
      return (value as readonly Json[]).map((item) => this.resolve(item, file, outer));
    if (!isObject(value)) return value;
    const reference = value['$ref'];
    if (typeof reference === 'string') return this.#follow(value, reference, file, outer);
    const example = this.#exampleOf(value, file);
    const resolved = Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, this.resolve(inner, file, outer)]),
    );
    return example === undefined ? resolved : { ...resolved, examples: [example] };
  }

  #exampleOf({ payload, examples }: JsonObject, file: string): Json | undefined {
    const schema = isObject(payload) ? payload['schema'] : undefined;
    const reference = isObject(schema) ? schema['$ref'] : undefined;
    if (typeof reference !== 'string' || examples !== undefined) return undefined;
    return this.#sources.examples.get(posix.join(posix.dirname(file), reference));
  }

  #follow(value: Json, reference: string, file: string, outer: readonly string[]): Json {
    const [path = '', pointer = ''] = reference.split('#');
    const target = path === '' ? file : posix.join(posix.dirname(file), path);
    if (target === this.#home && path === '') return value;
    const place = `${target}#${pointer}`;
    if (outer.includes(place)) throw new Error(`${file}: ${reference} leads back to itself`);
    if (target.endsWith('.avsc')) return this.#schema(target);
    const found = pointer
      .split('/')
      .slice(1)
      .reduce<Json | undefined>(
        (inner, key) =>
          isObject(inner) ? inner[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined,
        this.#sources.document(target),
      );
    if (found === undefined) throw new Error(`${file}: there is no ${place}`);
    return this.resolve(found, target, [...outer, place]);
  }

  #schema(file: string): Json {
    const schema = this.#sources.schema(file);
    if (schema === undefined) throw new Error(`there is no type in ${file}`);
    return schema;
  }
}
