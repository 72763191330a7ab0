import { ContractsInvalid } from '../problems.ts';
import { inspectContracts } from '../load-contracts.ts';
import { folderTree } from '../read/file-tree.ts';
import { Sources } from '../read/sources.ts';
import { freeze, readHistory } from './lock.ts';
import type { Release } from './lock.ts';

/**
 * Freezes the schema of each event that differs from its newest released version. Writes nothing, and throws
 * `ContractsInvalid`, when contracts, history or lock are wrong.
 */
export function release(root: string): Release[] {
  const sources = new Sources(folderTree(root));
  const { problems, model } = inspectContracts(sources);
  const found = [...problems];
  const history = readHistory(sources, found);
  const errors = sources.findings(found).filter(({ severity }) => severity === 'error');
  if (errors.length > 0 || !model) throw new ContractsInvalid(errors);
  return freeze(root, model.events, history);
}
