import { resolveTool } from '@eda/helm';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { told } from './broken.setup.ts';
import { BROKEN } from './broken/index.ts';
import { INVARIANTS } from './index.ts';
import { describeFinding } from './invariant.ts';
import { loadSubject, type Subject } from './subject.ts';

const environments = () => subject.environments.map(({ environment }) => environment);

/** Rendered once: the rules look at it, and a broken one is a copy. */
let subject: Subject;

beforeAll(async () => {
  const log = () => undefined;
  const [helm, kustomize] = [await resolveTool('helm', { log }), await resolveTool('kustomize', { log })];
  subject = await loadSubject({ helm, kustomize, workspace: resolve(import.meta.dirname, '../../../..') });
}, 120_000);

describe('The invariants', () => {
  it('are all that have a file, each named like it, with what breaks it', () => {
    const named = (folder: string) =>
      readdirSync(resolve(import.meta.dirname, folder))
        .filter((file) => /^[a-z-]+\.ts$/.test(file))
        .map((file) => file.slice(0, -'.ts'.length))
        .filter((name) => !HELPERS.includes(name));
    const names = INVARIANTS.map(({ name }) => name).sort();
    expect(names).toEqual(named('.').sort());
    expect(names).toEqual(named('broken').sort());
  });

  it.each(INVARIANTS)('$name hold in every environment', ({ check }) => {
    expect(check(subject).map(describeFinding)).toEqual([]);
  });
});

const HELPERS = [
  'index',
  'invariant',
  'subject',
  'look',
  'world',
  'root-application',
  'derived-needs',
  'chosen-needs',
];

describe.each(INVARIANTS)('$name', ({ name, check }) => {
  const broken = (BROKEN[name] ?? []).map(([title, change, ...lines]) => ({ title, change, lines }));

  it.each(broken)('notices $title', ({ change, lines }) => {
    const draft = structuredClone(subject);
    change(draft);
    const found = told(check(draft), environments());
    expect(found).not.toEqual([]);
    expect(found).toEqual(lines);
  });
});
