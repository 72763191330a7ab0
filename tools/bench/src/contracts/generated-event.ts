/** One event of a generated repository, through all its versions. */
import { stringify } from 'yaml';
import { type Field, firstFields, type Json, optionalField, pick } from './event-fields.ts';
import { ATTRIBUTES, type Domain, SYMBOLS } from './vocabulary.ts';

interface MutableEnum {
  namespace?: string;
  symbols: string[];
}

interface MutableRecord {
  fields: Json[];
}

/** What is written down of an event; a new version changes it. */
export class GeneratedEvent {
  readonly name: string;
  readonly domain: Domain;
  readonly owner: string;
  readonly topic: string;
  readonly key: string;
  partitions: number;
  fields: Field[];
  readonly #random: () => number;
  /** A name that was taken away must not come back as something else. */
  readonly #used = new Set<string>();

  constructor(name: string, domain: Domain, owner: string, random: () => number) {
    this.name = name;
    this.domain = domain;
    this.owner = owner;
    this.topic = `${domain.name}.${kebab(name)}.v1`;
    this.key = `${lowerFirst(domain.entity)}Id`;
    this.#random = random;
    this.partitions = pick([3, 6, 12], random);
    this.fields = firstFields(name, this.key);
    for (let more = 4 + Math.floor(random() * 8); more > 0; more -= 1) this.addField();
  }

  /** Path of the schema from the root of the repository. */
  get file(): string {
    return `schemas/${this.domain.name}/v1/${this.name}.avsc`;
  }

  get metaFile(): string {
    return this.file.replace(/\.avsc$/, '.meta.yaml');
  }

  /** Under which `@eda/contracts` exports it. */
  get exportName(): string {
    return lowerFirst(this.name);
  }

  get schema(): Json {
    return {
      type: 'record',
      name: this.name,
      namespace: `eda.${this.domain.name}.v1`,
      doc: `${words(this.name)}. Written by ${this.owner} once for each time it happens.`,
      fields: this.fields.map(schemaField),
    };
  }

  get meta(): string {
    const meta = {
      description: `Every time that this happens: ${words(this.name).toLowerCase()}.`,
      topic: this.topic,
      class: 'event',
      key: this.key,
      owner: this.owner,
      partitions: this.partitions,
      retention: '7d',
      compatibility: 'FULL_TRANSITIVE',
      pii: ['contact'],
      units: { grossWeight: 'grams' },
      example: Object.fromEntries(this.fields.map(({ name, example }) => [name, example])),
    };
    return stringify(meta, { aliasDuplicateObjects: false });
  }

  /** What a consumer reads that looks at the key, the time, and a third of what refers to no other file. */
  get narrowReader(): Json {
    const fields = this.fields
      .filter(({ type }) => !JSON.stringify(type).includes('eda.common.'))
      .filter(({ name }, index) => name === this.key || name === 'occurredAt' || index % 3 === 1)
      .map(({ name, type, default: value }) => ({
        name,
        type,
        ...(value !== undefined && { default: value }),
      }));
    return { type: 'record', name: this.name, namespace: `eda.${this.domain.name}.v1`, fields };
  }

  /** Makes the next version: something that every reader of every other version can live with. */
  evolve(): void {
    const change = pick(
      [
        () => this.addField(),
        () => this.#addSymbol(),
        () => this.#addToLines(),
        () => this.#rewordField(),
        () => this.#removeField(),
      ],
      this.#random,
    );
    change();
    // A version is one more in any case.
    this.addField();
  }

  addField(): void {
    const free = ATTRIBUTES.filter((name) => !this.#used.has(name));
    const name = free.length > 0 ? pick(free, this.#random) : `more${this.#used.size}`;
    this.#used.add(name);
    this.fields.push(optionalField(name, this.#random));
  }

  /** Replaces the field `name` by what `change` makes of it; by nothing when that is nothing. */
  changeField(name: string, change: (field: Field) => Field | undefined): void {
    this.fields = this.fields.flatMap((field) => (field.name === name ? (change(field) ?? []) : field));
  }

  #addSymbol(): void {
    this.changeField('status', (field) => {
      const type = structuredClone(field.type) as unknown as MutableEnum;
      const next = SYMBOLS.find((symbol) => !type.symbols.includes(symbol));
      if (next !== undefined) type.symbols.push(next);
      return { ...field, type: type as unknown as Json };
    });
  }

  #addToLines(): void {
    this.changeField('lines', (field) => {
      const type = structuredClone(field.type) as unknown as { items: MutableRecord };
      const name = `remark${type.items.fields.length}`;
      type.items.fields.push({ name, type: ['null', 'string'], default: null, doc: 'What the clerk noted.' });
      return { ...field, type: type as unknown as Json };
    });
  }

  #rewordField(): void {
    const { name } = pick(this.fields, this.#random);
    this.changeField(name, (field) => ({ ...field, doc: `${field.doc} See the handbook.` }));
  }

  /** Only what was optional from the start may go. */
  #removeField(): void {
    const optional = this.fields.filter(({ name }) => (ATTRIBUTES as readonly string[]).includes(name));
    if (optional.length < 3) return;
    const { name } = pick(optional, this.#random);
    this.changeField(name, () => undefined);
  }
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

export function kebab(name: string): string {
  return name.replaceAll(/[a-z0-9](?=[A-Z])/g, '$&-').toLowerCase();
}

function schemaField({ name, type, doc, default: preset }: Field): Json {
  return preset === undefined ? { name, type, doc } : { name, type, doc, default: preset };
}

function words(name: string): string {
  return kebab(name)
    .replaceAll('-', ' ')
    .replace(/^./, (first) => first.toUpperCase());
}
