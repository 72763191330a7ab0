import type { ContractsCopy } from '../../copy-contracts.ts';

/** A change to contracts that are right, and what a person is told about it, word for word. */
export interface LintCase {
  readonly name: string;
  readonly change: (contracts: ContractsCopy) => void;
  readonly lines: readonly string[];
}

export const MOVED = 'schemas/retail/v1/StockMoved.avsc';
export const META = 'schemas/retail/v1/StockMoved.meta.yaml';
export const STORE = 'apps/store/asyncapi.yaml';
export const COMMON = 'schemas/asyncapi/common.yaml';
export const INVENTORY = 'apps/inventory/asyncapi.yaml';
export const SIMULATOR = 'apps/store-simulator/asyncapi.yaml';
export const CONSOLE = 'apps/console/asyncapi.yaml';

/** Replaces `from` in `file` by `to`. */
export function replace(file: string, from: string, to: string): LintCase['change'] {
  return (contracts) => contracts.change(file, from, to);
}

/** Gives the field `quantity` of StockMoved another type, and `rest` besides. */
export function quantity(type: unknown, rest: object = {}): LintCase['change'] {
  return (contracts) =>
    contracts.change(
      MOVED,
      '"type": "int"',
      JSON.stringify({ type, ...rest })
        .slice(1, -1)
        .replaceAll(/[:,](?=["[{\d])/g, '$& '),
    );
}

/** Adds a schema file with a record of these fields. */
export function record(namespace: string, name: string, fields: readonly object[]): LintCase['change'] {
  const [, domain = '', major = ''] = namespace.split('.');
  const schema = { type: 'record', name, namespace, doc: `A ${name}.`, fields };
  return (contracts) =>
    contracts.write(`schemas/${domain}/${major}/${name}.avsc`, `${JSON.stringify(schema, undefined, 2)}\n`);
}
