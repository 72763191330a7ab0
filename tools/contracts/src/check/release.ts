import { ContractsInvalid } from '../problems.ts';
import { inspectContracts } from '../load-contracts.ts';
import { freeze, readHistory } from './lock.ts';
import type { Release } from './lock.ts';

/**
 * Freezes the schema of each event that differs from its newest released version. Writes nothing, and throws
 * `ContractsInvalid`, when contracts, history or lock are wrong.
 */
export function release(root: string): Release[] {
  const { sources, problems, model } = inspectContracts(root);
  const found = [...problems];
  const history = readHistory(root, sources, found);
  const errors = sources.findings(found).filter(({ severity }) => severity === 'error');
  if (errors.length > 0 || !model) throw new ContractsInvalid(errors);
  return freeze(root, model.events, history);
}
