import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readReaderSchemas } from '../check/reader-schemas.ts';
import type { ContractModel } from '../contract-model.ts';
import type { Finding } from '../finding.ts';
import type { AppDocument } from '../load-asyncapi.ts';
import { inspectContracts } from '../load-contracts.ts';
import type { Problem } from '../problems.ts';
import { folderTree } from '../read/file-tree.ts';
import { Sources } from '../read/sources.ts';
import { readAppCode } from './app-code.ts';
import { checkAppDocument } from './check-app-document.ts';
import { checkCode } from './check-code.ts';
import { checkMessages } from './check-messages.ts';
import { checkOperationIds } from './check-operation-ids.ts';
import { checkRegistration } from './check-registration.ts';
import { checkStatusCodes } from './check-status-codes.ts';

/** The folder is no repository of contracts, or cannot be read. */
export class CannotLint extends Error {
  override readonly name = 'CannotLint';
}

/**
 * Returns everything that is wrong with the contracts under `root` and with how the services use them, in the order of the
 * files. Writes nothing. Throws `CannotLint` when there is nothing to check.
 */
export function lint(root: string): Finding[] {
  if (!existsSync(join(root, 'schemas')))
    throw new CannotLint(`${root} is no repository of contracts: it has no folder schemas`);
  try {
    return lintSources(new Sources(folderTree(root)));
  } catch (error) {
    const { code, path, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new CannotLint(`${path ?? root} cannot be read (${code ?? syscall})`, { cause: error });
  }
}

/** Does the same for files wherever they are; throws what reading them throws. */
export function lintSources(sources: Sources): Finding[] {
  const { problems: found, model, apps } = inspectContracts(sources);
  const problems: Problem[] = [...found];
  if (model) checkDocuments(sources, model, apps, problems);
  const code = readAppCode(sources.tree);
  checkRegistration(code, problems);
  checkStatusCodes(sources, code, problems);
  checkOperationIds(sources, problems);
  // Without a model, every use of what could not be read would seem wrong.
  if (model) checkCode(model, readReaderSchemas(sources, model.events, apps, problems), code, problems);
  return sources.findings(problems);
}

/** Nothing is generated of what these checks look at, and they need contracts that are right otherwise. */
function checkDocuments(
  sources: Sources,
  { events, organisation }: ContractModel,
  apps: readonly AppDocument[],
  problems: Problem[],
): void {
  const byTopic = new Map(events.map((event) => [event.meta.topic, event]));
  for (const app of apps) {
    checkAppDocument(sources, app, organisation, problems);
    checkMessages(sources, app, byTopic, problems);
  }
}
