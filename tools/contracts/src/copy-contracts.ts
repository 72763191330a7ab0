import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { folderTree } from './read/file-tree.ts';
import { listFiles } from './read/list-files.ts';

/** The root of this repository. */
export const ROOT = join(import.meta.dirname, '../../..');

/** A small repository that never changes, so that new events and apps leave the tests of the compiler alone. */
export const FIXTURE = join(import.meta.dirname, '../fixture');

/** A copy of everything the compiler reads, to be changed and thrown away by a test. */
export interface ContractsCopy {
  readonly root: string;
  readonly write: (file: string, content: string | Uint8Array) => void;
  /** Replaces `from`, which must be there, by `to`. */
  readonly change: (file: string, from: string, to: string) => void;
  readonly remove: (file: string) => void;
  readonly delete: () => void;
}

/** Copies `schemas/` and the AsyncAPI documents of the repository at `source` to a temporary folder. */
export function copyContracts(source = FIXTURE): ContractsCopy {
  const contracts = editContracts(mkdtempSync(join(tmpdir(), 'contracts-')));
  cpSync(join(source, 'schemas'), join(contracts.root, 'schemas'), { recursive: true });
  for (const file of listFiles(folderTree(source), 'apps', /^apps\/[^/]+\/asyncapi\.yaml$/)) {
    contracts.write(file, readFileSync(join(source, file), 'utf8'));
  }
  return contracts;
}

/** Returns the same for a copy that stands at `root` already. */
export function editContracts(root: string): ContractsCopy {
  const write = (file: string, content: string | Uint8Array) => {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  return {
    root,
    write,
    change: (file, from, to) => {
      const content = readFileSync(join(root, file), 'utf8');
      if (!content.includes(from)) throw new Error(`${file} does not contain ${from}`);
      write(file, content.replace(from, to));
    },
    remove: (file) => rmSync(join(root, file)),
    delete: () => rmSync(root, { recursive: true, force: true }),
  };
}
