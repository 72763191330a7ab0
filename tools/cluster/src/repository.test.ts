import { bootstrapFiles, readRootFile, ROOT_FILE } from '@eda/gitops';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ended, someRepository, temporaryFolder } from './programs.setup.ts';
import { Repository } from './repository.ts';

const ADDRESS = 'http://git.example.svc/repository.git';

const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');
const gitIn = async (folder: string, ...args: readonly string[]) =>
  (await ended('git', args, { cwd: folder })).stdout.trim();

/** What of the workspace bootstrapFiles reads. */
const workspaceOf = () => someRepository('gitops');

test('with another address, gitops/bootstrap of the clone is written anew and committed before anything else', async () => {
  const { folder, git } = await workspaceOf();
  using repository = await Repository.clone(folder, { repo: ADDRESS, publish: 'true' });
  const clone = repository.folder;
  const before = readRootFile(read(folder, ROOT_FILE));
  expect(readRootFile(read(clone, ROOT_FILE))).toEqual({ ...before, repository: ADDRESS });
  for (const [file, content] of bootstrapFiles(clone)) expect(read(clone, file)).toBe(content);
  expect(await gitIn(clone, 'status', '--porcelain')).toBe('');
  expect((await gitIn(clone, 'diff', '--name-only', 'HEAD~1')).split('\n')).toEqual([
    ROOT_FILE,
    'gitops/bootstrap/40-job.yaml',
  ]);
  expect(await gitIn(clone, 'rev-parse', 'HEAD~1')).toBe(await git('rev-parse', 'HEAD'));
  // The repository itself stays.
  expect(await git('status', '--porcelain')).toBe('');
});

test('the same address makes the same commit again, and the one that is there makes none', async () => {
  const { folder, git } = await workspaceOf();
  const commits: string[] = [];
  for (let time = 0; time < 2; time++) {
    using repository = await Repository.clone(folder, { repo: ADDRESS, publish: 'true' });
    commits.push(await gitIn(repository.folder, 'rev-parse', 'HEAD'));
    // Made long after the one before, and of the same time.
    const dates = await gitIn(repository.folder, 'log', '-2', '--format=%at %ct');
    expect(new Set(dates.split(/\s/)).size).toBe(1);
  }
  expect(commits[1]).toBe(commits[0]);
  const { repository: present } = readRootFile(read(folder, ROOT_FILE));
  using unchanged = await Repository.clone(folder, { repo: present, publish: 'true' });
  expect(await gitIn(unchanged.folder, 'rev-parse', 'HEAD')).toBe(await git('rev-parse', 'HEAD'));
});

test('without --publish, the clone is pushed to the address and the branch that its gitops/bootstrap names', async () => {
  const { folder, git } = await workspaceOf();
  const [named, other] = [temporaryFolder(), temporaryFolder()];
  for (const bare of [named, other]) await ended('git', ['init', '--quiet', '--bare', bare]);
  const { repository: original } = readRootFile(read(folder, ROOT_FILE));
  const file = join(folder, ROOT_FILE);
  writeFileSync(
    file,
    read(folder, ROOT_FILE).replace(original, named).replace('targetRevision: main', 'targetRevision: trial'),
  );
  await git('commit', '--quiet', '--all', '--message', 'A repository of its own');

  using repository = await Repository.clone(folder, {});
  const commit = await repository.publish();
  expect(await gitIn(named, 'show-ref')).toBe(`${commit} refs/heads/trial`);
  expect(commit).toBe(await git('rev-parse', 'HEAD'));

  using elsewhere = await Repository.clone(folder, { repo: other });
  const moved = await elsewhere.publish();
  expect(await gitIn(other, 'show-ref')).toBe(`${moved} refs/heads/trial`);
  expect(await gitIn(named, 'show-ref')).toBe(`${commit} refs/heads/trial`);
});

test('--publish runs in the clone, for each commit, and its failure is told', async () => {
  const { folder } = await workspaceOf();
  const log = join(temporaryFolder(), 'log');
  using repository = await Repository.clone(folder, {
    repo: ADDRESS,
    publish: `git rev-parse HEAD >>${log}; grep -c ${ADDRESS} ${ROOT_FILE} >>${log}`,
  });
  const first = await repository.publish();
  repository.edit('gitops/root/values.yaml', (text) => `${text}# changed\n`);
  const second = await repository.commit('A change');
  expect(readFileSync(log, 'utf8')).toBe(`${first}\n1\n${second}\n1\n`);
  using broken = await Repository.clone(folder, { publish: 'echo no way >&2; exit 1' });
  await expect(broken.publish()).rejects.toThrow('--publish: echo no way >&2; exit 1: no way');
});
