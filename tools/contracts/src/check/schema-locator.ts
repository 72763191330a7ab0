import { NAMED_TYPES } from '../compat/avro-schema.ts';
import type { Json, NamedType } from '../contract-model.ts';
import { isObject, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { Path } from '../read/source-file.ts';
import type { Sources } from '../read/sources.ts';
import type { Step } from './schema-path.ts';

interface Place {
  readonly file: string;
  readonly path: Path;
}

/** Finds where in the files of `schemas/` a part of the schema of an event is written down, also when another file holds it. */
export class SchemaLocator {
  readonly #sources: Sources;
  /** Where each named type is defined. */
  readonly #definitions = new Map<string, Place>();

  constructor(sources: Sources, types: readonly NamedType[]) {
    this.#sources = sources;
    for (const file of new Set(types.map((type) => type.file)))
      this.#collect({ file, path: [] }, sources.content(file) ?? null, '');
  }

  /** Returns the place of a named type; undefined when `schemas/` does not define it. */
  definitionOf(fullName: string): Place | undefined {
    return this.#definitions.get(fullName);
  }

  /**
   * Returns the place of what `steps` lead to from the record `fullName`, or of `attribute` there: one of the field, or else one
   * of its type. What is not there any more has the place of what was around it.
   */
  locate(fullName: string, steps: readonly Step[], attribute = ''): Place | undefined {
    let place = this.#definitions.get(fullName);
    let isField = false;
    for (const step of steps) {
      if (!place) return undefined;
      const type = this.#typeAt(place, isField);
      const next = this.#under(type, step);
      if (!next) return typeof step === 'object' ? at(type, 'fields') : type;
      place = next;
      isField = typeof step === 'object';
    }
    if (!place || (attribute === '' && !isField)) return place;
    if (attribute === '') return at(place, 'name');
    if (isField && this.#hasAttribute(place, attribute)) return at(place, attribute);
    const type = this.#typeAt(place, isField);
    return this.#hasAttribute(type, attribute) ? at(type, attribute) : isField ? at(place, 'type') : type;
  }

  #collect(place: Place, node: Json, namespace: string): void {
    if (Array.isArray(node)) {
      for (const [index, item] of (node as readonly Json[]).entries())
        this.#collect(at(place, index), item, namespace);
      return;
    }
    if (!isObject(node)) return;
    const own = typeof node['namespace'] === 'string' ? node['namespace'] : namespace;
    const isNamed = NAMED_TYPES.includes(textOf(node['type']));
    if (isNamed) this.#definitions.set(`${own}.${textOf(node['name'])}`, place);
    for (const part of ['type', 'items', 'values', 'fields'])
      this.#collect(at(place, part), node[part] ?? null, isNamed ? own : namespace);
  }

  /** The type at a place, where a name leads to its definition. */
  #typeAt(start: Place, isField: boolean): Place {
    let place = isField ? at(start, 'type') : start;
    // No type is written into more wrappers than this.
    for (let depth = 0; depth < 100; depth += 1) {
      const node = this.#nodeAt(place);
      if (typeof node === 'string') return this.#byName(node, place.file) ?? place;
      if (!isObject(node) || typeof node['type'] === 'string') return place;
      place = at(place, 'type');
    }
    return place;
  }

  #byName(name: string, file: string): Place | undefined {
    const content = this.#sources.content(file);
    const namespace = isObject(content) ? textOf(content['namespace']) : '';
    return this.#definitions.get(name) ?? this.#definitions.get(`${namespace}.${name}`);
  }

  #under(place: Place, step: Step): Place | undefined {
    const node = this.#nodeAt(place);
    if (typeof step === 'number')
      return Array.isArray(node) && step < node.length ? at(place, step) : undefined;
    if (!isObject(node)) return undefined;
    if (typeof step === 'string') return node[step] === undefined ? undefined : at(place, step);
    const fields = (Array.isArray(node['fields']) ? node['fields'] : []) as readonly JsonObject[];
    const index = fields.findIndex(
      ({ name, aliases }) =>
        name === step.field || (Array.isArray(aliases) && (aliases as readonly Json[]).includes(step.field)),
    );
    return index === -1 ? undefined : at(at(place, 'fields'), index);
  }

  #hasAttribute(place: Place, attribute: string): boolean {
    const node = this.#nodeAt(place);
    return isObject(node) && node[attribute] !== undefined;
  }

  #nodeAt({ file, path }: Place): Json {
    let node: Json | undefined = this.#sources.content(file);
    for (const step of path) {
      if (Array.isArray(node)) node = (node as readonly Json[])[Number(step)];
      else node = isObject(node) ? node[String(step)] : undefined;
    }
    return node ?? null;
  }
}

function at({ file, path }: Place, step: string | number): Place {
  return { file, path: [...path, step] };
}
