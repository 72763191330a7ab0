import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Json } from '../contract-model.ts';
import { copyContracts, editContracts } from '../copy-contracts.ts';
import type { ContractsCopy } from '../copy-contracts.ts';
import { release } from './release.ts';

/** A git repository with contracts, all released and committed as `main`; to be changed and thrown away by a test. */
export interface Repository extends ContractsCopy {
  readonly git: (...args: readonly string[]) => string;
  /** Commits everything that stands in the files. */
  readonly commit: () => void;
  readonly read: (file: string) => string;
  /** Rewrites a JSON file. */
  readonly edit: (file: string, change: (content: EditableSchema) => void) => void;
  /** Takes channels, the operations on them and their messages out of an AsyncAPI document. */
  readonly removeChannels: (file: string, ...names: readonly string[]) => void;
  /** Freezes the contracts as they are. */
  readonly release: () => void;
  /** Replaces `from`, which must be there, everywhere in the file. */
  readonly changeAll: (file: string, from: string, to: string) => void;
}

export interface EditableSchema {
  namespace?: string;
  fields: EditableField[];
  versions: { subject: string; version: number; sha256: string; file: string }[];
}

export interface EditableField {
  name: string;
  type: Json;
  doc?: string;
  default?: Json;
  aliases?: string[];
}

interface AsyncApi {
  readonly channels: Readonly<Record<string, object>>;
  readonly components?: { readonly messages: Readonly<Record<string, object>> };
  readonly operations: Readonly<Record<string, { readonly channel: { readonly $ref: string } }>>;
}

const IDENTITY = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];

/** Makes the repository that the others are copies of: git is slow, copies are not. */
export function makeTemplate(): ContractsCopy {
  const contracts = copyContracts();
  release(contracts.root);
  const git = gitIn(contracts.root);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message=contracts');
  return contracts;
}

/** Returns a copy of the template. */
export function copyRepository(template: ContractsCopy): Repository {
  const root = mkdtempSync(join(tmpdir(), 'contracts-git-'));
  cpSync(template.root, root, { recursive: true });
  const contracts = editContracts(root);
  const git = gitIn(root);
  return {
    ...contracts,
    git,
    commit: () => {
      git('add', '.');
      git('commit', '--quiet', '--message=more');
    },
    read: (file) => readFileSync(join(root, file), 'utf8'),
    edit: (file, change) => {
      const content = JSON.parse(readFileSync(join(root, file), 'utf8')) as EditableSchema;
      change(content);
      contracts.write(file, `${JSON.stringify(content, undefined, 2)}\n`);
    },
    removeChannels: (file, ...names) => {
      const document = parse(readFileSync(join(root, file), 'utf8')) as AsyncApi;
      for (const name of names) {
        Reflect.deleteProperty(document.channels, name);
        // Messages have the names of their channels.
        if (document.components) Reflect.deleteProperty(document.components.messages, name);
      }
      for (const [name, { channel }] of Object.entries(document.operations))
        if (names.some((gone) => channel.$ref === `#/channels/${gone}`))
          Reflect.deleteProperty(document.operations, name);
      contracts.write(file, stringify(document));
    },
    release: () => void release(root),
    changeAll: (file, from, to) => {
      const content = readFileSync(join(root, file), 'utf8');
      if (!content.includes(from)) throw new Error(`${file} does not contain ${from}`);
      contracts.write(file, content.replaceAll(from, to));
    },
    delete: () => rmSync(root, { recursive: true, force: true }),
  };
}

function gitIn(root: string) {
  return (...args: readonly string[]): string =>
    execFileSync('git', ['-C', root, ...IDENTITY, ...args], { encoding: 'utf8', stdio: 'pipe' });
}
