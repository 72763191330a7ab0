import type { Type } from 'avsc';
import { setTimeout as sleep } from 'node:timers/promises';
import { avroType } from './avro-type.ts';
import { DeserializationError, RegistryUnavailableError, UnknownSchemaError } from './errors.ts';
import type { AnyEventContract } from './event-contract.ts';
import { registryRequest } from './registry-request.ts';
import type { RegistryAddress } from './registry-request.ts';

/** A schema with its id in the registry. */
export interface CatalogEntry {
  readonly id: number;
  readonly type: Type;
}

/** Schemas by id: our own, resolved once at start, and those of other writers, fetched when first seen. */
export interface SchemaCatalog {
  /** The schema of an own contract, by subject. Throws `TypeError` for a contract the catalog was not made with. */
  own(subject: string): CatalogEntry;
  /** The schema with this id, when it is known already. */
  known(id: number): Type | undefined;
  /**
   * The schema with this id; asks the registry once for all callers, and remembers the answer for ever.
   * Rejects with `UnknownSchemaError` when the registry has no such id (asked again after a minute at the earliest),
   * with `RegistryUnavailableError` when it does not answer, and with `DeserializationError` when the schema is not
   * one that can be read.
   */
  load(id: number): Promise<Type>;
}

/** Why the service cannot start yet. */
export interface Waiting {
  readonly reason: string;
  /** Counts from 1. */
  readonly attempt: number;
  readonly retryInMs: number;
}

export interface SchemaCatalogOptions extends RegistryAddress {
  /** The events this service sends and receives. */
  readonly contracts: readonly AnyEventContract[];
  /** Called before each wait, so that the service can say what it waits for. */
  readonly onWaiting?: (waiting: Waiting) => void;
  /** Gets the same as `onWaiting`, as a warning. */
  readonly logger?: { warn(details: object, message: string): void };
  /** Ends the wait; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** First and longest wait between two tries, in milliseconds. */
  readonly backoff?: { readonly initialMs: number; readonly maxMs: number };
}

/** For how long an unknown id is not asked for again. */
const UNKNOWN_FOR_MS = 60_000;

/**
 * Returns the catalog when the registry has told the ids of all own schemas. Looks them up by content and never
 * registers; waits, with a growing and random pause, while the registry does not answer or a schema is not
 * registered yet, because whoever registers them may start after this service.
 */
export async function createSchemaCatalog(options: SchemaCatalogOptions): Promise<SchemaCatalog> {
  const { contracts, backoff = { initialMs: 200, maxMs: 5_000 }, signal } = options;
  const resolved = new Map<string, CatalogEntry>();
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const missing = contracts.filter(({ subject }) => !resolved.has(subject));
    const answers = await Promise.all(missing.map((contract) => lookUp(options, contract)));
    const reasons = new Set<string>();
    for (const answer of answers) {
      if ('entry' in answer) resolved.set(answer.subject, answer.entry);
      else reasons.add(answer.reason);
    }
    if (reasons.size === 0) return new RegistryCatalog(options, resolved);

    const ceiling = Math.min(backoff.maxMs, backoff.initialMs * 2 ** Math.min(attempt - 1, 20));
    const waiting = {
      reason: [...reasons].join('; '),
      attempt,
      retryInMs: Math.round(ceiling * (0.5 + Math.random() / 2)),
    };
    options.onWaiting?.(waiting);
    options.logger?.warn(
      { attempt, retryInMs: waiting.retryInMs },
      `waiting for the schema registry: ${waiting.reason}`,
    );
    await sleep(waiting.retryInMs, undefined, signal && { signal });
  }
}

/** Returns a catalog that needs no registry: the contracts get the ids 1, 2, 3 in order, all others are unknown. For tests and tools. */
export function createFixedCatalog(contracts: readonly AnyEventContract[]): SchemaCatalog {
  const entries = contracts.map(
    ({ subject, schema }, index) => [subject, { id: index + 1, type: avroType(schema) }] as const,
  );
  const unknown = () =>
    Promise.resolve(Response.json({ error_code: 40403, message: 'not found' }, { status: 404 }));
  return new RegistryCatalog({ registryUrl: 'http://registry.invalid', fetch: unknown }, new Map(entries));
}

async function lookUp(
  address: RegistryAddress,
  { subject, schema }: AnyEventContract,
): Promise<{ subject: string; entry: CatalogEntry } | { reason: string }> {
  try {
    const answer = await registryRequest(address, 'POST', `/subjects/${encodeURIComponent(subject)}`, {
      schema,
    });
    const { id } = answer.body as { id?: unknown };
    if (typeof id === 'number') return { subject, entry: { id, type: avroType(schema) } };
    return {
      reason: `the schema of ${subject} is not registered (${answer.message ?? 'no id in the answer'})`,
    };
  } catch (error) {
    if (error instanceof RegistryUnavailableError) return { reason: error.message };
    throw error;
  }
}

class RegistryCatalog implements SchemaCatalog {
  readonly #address: RegistryAddress;
  readonly #own: ReadonlyMap<string, CatalogEntry>;
  readonly #types: Map<number, Type>;
  readonly #loading = new Map<number, Promise<Type>>();
  /** Id -> time from which it may be asked for again, on the clock of `performance`. */
  readonly #unknown = new Map<number, number>();

  constructor(address: RegistryAddress, own: ReadonlyMap<string, CatalogEntry>) {
    this.#address = address;
    this.#own = own;
    this.#types = new Map([...own.values()].map(({ id, type }) => [id, type]));
  }

  own(subject: string): CatalogEntry {
    const entry = this.#own.get(subject);
    if (entry) return entry;
    throw new TypeError(
      `the contract of ${subject} is not in the schema catalog: pass it to createSchemaCatalog`,
    );
  }

  known(id: number): Type | undefined {
    return this.#types.get(id);
  }

  async load(id: number): Promise<Type> {
    const known = this.#types.get(id);
    if (known) return known;
    if (id < 0 || (this.#unknown.get(id) ?? 0) > performance.now()) throw new UnknownSchemaError(id);
    const loading = this.#loading.get(id) ?? this.#fetch(id).finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return loading;
  }

  async #fetch(id: number): Promise<Type> {
    const answer = await registryRequest(this.#address, 'GET', `/schemas/ids/${id}`);
    if (answer.status === 404) {
      this.#rememberUnknown(id);
      throw new UnknownSchemaError(id);
    }
    const { schema, schemaType = 'AVRO', references } = answer.body as Partial<SchemaAnswer>;
    if (answer.errorCode !== undefined || typeof schema !== 'string') {
      throw new RegistryUnavailableError(
        `schema ${id}: the registry answered ${answer.status} ${answer.message ?? ''}`,
      );
    }
    const type = await this.#parse(id, schemaType, schema, references);
    this.#types.set(id, type);
    return type;
  }

  async #parse(
    id: number,
    schemaType: string,
    schema: string,
    references: readonly Reference[] = [],
  ): Promise<Type> {
    if (schemaType !== 'AVRO') {
      throw new DeserializationError('SCHEMA_UNSUPPORTED', `schema ${id} is ${schemaType}, expected AVRO`);
    }
    const registry: Record<string, Type> = {};
    await this.#addReferences(references, registry);
    try {
      return avroType(schema, registry);
    } catch (error) {
      const message = `schema ${id} cannot be used: ${(error as Error).message}`;
      throw new DeserializationError('SCHEMA_UNSUPPORTED', message, { cause: error });
    }
  }

  /** Our own schemas are self-contained; those of others may be registered in parts. */
  async #addReferences(references: readonly Reference[], registry: Record<string, Type>): Promise<void> {
    for (const { name, subject, version } of references) {
      if (name in registry) continue;
      const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
      const answer = await registryRequest(this.#address, 'GET', path);
      const { schema, references: deeper = [] } = answer.body as Partial<SchemaAnswer>;
      if (typeof schema !== 'string') {
        throw new RegistryUnavailableError(
          `${subject} version ${version}: the registry answered ${answer.status}`,
        );
      }
      await this.#addReferences(deeper, registry);
      if (!(name in registry)) avroType(schema, registry);
    }
  }

  #rememberUnknown(id: number): void {
    const now = performance.now();
    for (const [other, until] of this.#unknown) if (until <= now) this.#unknown.delete(other);
    this.#unknown.set(id, now + UNKNOWN_FOR_MS);
  }
}

interface Reference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

interface SchemaAnswer {
  readonly schema: string;
  readonly schemaType: string;
  readonly references: readonly Reference[];
}
