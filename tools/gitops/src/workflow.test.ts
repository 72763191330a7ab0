/** The shell of .github/workflows/gitops.yaml and of the comment that it writes, run with programs that answer as told. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from './fixtures/shop-repository.setup.ts';

const WORKFLOWS = resolve(import.meta.dirname, '../../../.github/workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { steps?: readonly Step[]; uses?: string; permissions?: Readonly<Record<string, string>> }>
  >;
}

const workflow = (name: string) => parse(readFileSync(join(WORKFLOWS, name), 'utf8')) as Workflow;

/** Runs the steps that are shell, as the runner does: each in a shell that ends at the first error. */
function runStep(
  step: Step | undefined,
  env: Readonly<Record<string, string>>,
  programs: Readonly<Record<string, string>>,
): { code: number | null; said: string; output: string; read: (file: string) => string } {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const output = join(folder, 'output');
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-e', '-c', step?.run ?? 'exit 99'],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, GITHUB_OUTPUT: output, ...env },
    },
  );
  const read = (file: string) =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
  return { code: status, said: stdout + stderr, output: read('output'), read };
}

describe('The workflow gitops', () => {
  const { jobs, permissions } = workflow('gitops.yaml');
  const [compare, decide] = (jobs['changes']?.steps ?? []).slice(-2);

  it('uses actions by their commits only, and writes only where nothing of the pull request runs', () => {
    for (const name of ['gitops.yaml', 'comment.yaml', 'contracts.yaml'])
      for (const { steps = [] } of Object.values(workflow(name).jobs))
        for (const { uses } of steps) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(permissions).toEqual({ contents: 'read' });
    expect(jobs['changes']?.permissions).toBeUndefined();
    for (const [name, { steps = [] }] of Object.entries(jobs))
      if (name !== 'changes') for (const { run = '' } of steps) expect(run).not.toMatch(/npm|node|git /);
  });

  it.each([0, 3])('tells what changes when the answer is %s', (code) => {
    const { output, read, ...step } = runStep(
      compare,
      { BASE: 'origin/main' },
      { npm: `echo "$@" > args; echo "## Some"; echo text; exit ${code}` },
    );
    expect(step).toMatchObject({ code: 0 });
    expect(read('args').trim()).toBe('run --silent gitops:diff -- --against origin/main --format markdown');
    const [first, begin, ...rest] = output.trimEnd().split('\n');
    expect(first).toBe(`code=${code}`);
    const end = begin?.replace('comment<<', '') ?? '';
    expect(end).toMatch(/^[0-9a-f-]{36}$/);
    expect(rest).toEqual(['## Some', 'text', '', end]);
  });

  it.each([1, 2])('fails without a comment when the answer is %s', (code) => {
    const step = runStep(compare, { BASE: 'origin/main' }, { npm: `echo no >&2; exit ${code}` });
    expect(step).toMatchObject({ code, output: '', said: 'no\n' });
  });

  it.each([
    ['0', 'false', 0],
    ['0', 'true', 0],
    ['3', 'false', 1],
    ['3', 'true', 0],
  ])('with code %s and label %s ends with %s', (CODE, ACCEPTED, code) => {
    expect(runStep(decide, { CODE, ACCEPTED }, {}).code).toBe(code);
  });
});

describe('The comment', () => {
  const [step] = workflow('comment.yaml').jobs['write']?.steps ?? [];
  const env = { MARK: 'mark', COMMENT: '## Title $(touch owned)\n`code`', COMMENTS: 'c', ONE: 'one' };
  const gh = (id: string) => `echo "$@" >> calls; case "$*" in *--paginate*) echo "${id}" ;; esac`;

  it('is written when there is none', () => {
    const { code, read } = runStep(step, env, { gh: gh('') });
    expect(code).toBe(0);
    expect(read('calls')).toContain('--method POST c --field body=@comment.md');
    expect(read('comment.md')).toBe(`<!-- mark -->\n${env.COMMENT}\n`);
    expect(read('owned')).toBe('');
  });

  it('is written over when there is one', () => {
    const { code, read } = runStep(step, env, { gh: gh('17') });
    expect(code).toBe(0);
    expect(read('calls')).toContain('--method PATCH one/17 --field body=@comment.md');
    expect(read('calls')).not.toContain('POST');
  });

  it('is cut where GitHub takes no more', () => {
    const { read } = runStep(step, { ...env, COMMENT: 'x'.repeat(70_000) }, { gh: gh('') });
    expect(read('comment.md')).toHaveLength(60_000);
  });
});
