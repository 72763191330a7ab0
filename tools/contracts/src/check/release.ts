import type { ContractModel } from '../contract-model.ts';
import { inspectContracts } from '../load-contracts.ts';
import { ContractsInvalid } from '../problems.ts';
import { folderTree } from '../read/file-tree.ts';
import { Sources } from '../read/sources.ts';
import { freeze } from './freeze.ts';
import type { Release } from './freeze.ts';
import { readHistory } from './lock.ts';
import type { History } from './lock.ts';

/**
 * Freezes each event that differs from its newest released version. Writes nothing, and throws `ContractsInvalid`, when contracts,
 * history or lock are wrong.
 */
export function release(root: string): Release[] {
  const { model, history } = loadReleased(root);
  return freeze(root, model.events, history);
}

/** Reads the contracts under `root` and their released versions. Throws `ContractsInvalid` when either are wrong. */
export function loadReleased(root: string): { model: ContractModel; history: History } {
  const sources = new Sources(folderTree(root));
  const { problems, model } = inspectContracts(sources);
  const found = [...problems];
  const history = readHistory(sources, found);
  const errors = sources.findings(found).filter(({ severity }) => severity === 'error');
  if (errors.length > 0 || !model) throw new ContractsInvalid(errors);
  return { model, history };
}
