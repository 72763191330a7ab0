import type { Json } from '../../contract-model.ts';
import type { EditableField, Repository } from '../repository.ts';

/** A change of contracts that are released and committed, what is found, and what it means for each consumer. */
export interface CheckCase {
  readonly name: string;
  /** Makes `main` what the case needs. */
  readonly base?: (repository: Repository) => void;
  readonly change: (repository: Repository) => void;
  /** `file:line CODE LEVEL field`, with `warning` in front of those that do not fail. */
  readonly findings?: readonly string[];
  /** What is said of the commit. */
  readonly notes?: readonly string[];
  /** By `consumer event`, of what changed. */
  readonly verdicts?: Readonly<Record<string, string>>;
}

export const MOVED = 'schemas/retail/v1/StockMoved.avsc';
export const MOVED_META = 'schemas/retail/v1/StockMoved.meta.yaml';
export const ITEM = 'schemas/retail/v1/ItemStockChanged.avsc';
export const ITEM_META = 'schemas/retail/v1/ItemStockChanged.meta.yaml';
export const STORE = 'apps/store/asyncapi.yaml';
export const INVENTORY = 'apps/inventory/asyncapi.yaml';
export const REPLENISHMENT = 'apps/replenishment/asyncapi.yaml';
export const CONSOLE = 'apps/console/asyncapi.yaml';
export const READER = 'apps/inventory/consumes/StockMoved.avsc';

/** Both consumers of StockMoved are hit in the same way. */
export function moved(verdict: string): Readonly<Record<string, string>> {
  return { 'console StockMoved': verdict, 'inventory StockMoved': verdict };
}

/** Changes the field `name` of `file`. */
export function field(file: string, name: string, change: (field: EditableField) => void) {
  return ({ edit }: Repository): void =>
    edit(file, ({ fields }) => {
      const found = fields.find((candidate) => candidate.name === name);
      if (!found) throw new Error(`${file} has no field ${name}`);
      change(found);
    });
}

/** Adds a field to StockMoved, and `example` to its example. */
export function addField(name: string, type: Json, more: Partial<EditableField> = {}, example?: string) {
  return ({ edit, change }: Repository): void => {
    edit(MOVED, ({ fields }) => fields.push({ name, type, doc: `The ${name}.`, ...more }));
    if (example !== undefined) change(MOVED_META, '  storeId:', `  ${name}: ${example}\n  storeId:`);
  };
}

/** Takes a field of StockMoved away, with its line in the example. */
export function removeField(name: string, example: string) {
  return ({ edit, change }: Repository): void => {
    edit(MOVED, (schema) => (schema.fields = schema.fields.filter((candidate) => candidate.name !== name)));
    change(MOVED_META, `  ${name}: ${example}\n`, '');
  };
}

/** Says that inventory reads these fields of StockMoved only. */
export function declareReader(fields: readonly EditableField[]) {
  return ({ write }: Repository): void =>
    write(
      READER,
      `${JSON.stringify({ type: 'record', name: 'StockMoved', namespace: 'eda.retail.v1', fields }, undefined, 2)}\n`,
    );
}

/** Does one after the other. */
export function all(...changes: readonly ((repository: Repository) => void)[]) {
  return (repository: Repository): void => {
    for (const change of changes) change(repository);
  };
}
