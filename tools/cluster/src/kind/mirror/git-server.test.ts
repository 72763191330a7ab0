import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { ended, someRepository, temporaryFolder } from '../../programs.setup.ts';

const READ_ONLY = 'This repository can be read only';

/** The server as a process, and a repository whose HEAD it can be given. */
async function server() {
  const root = temporaryFolder();
  const env = { REPOSITORY: join(root, 'data/repository.git'), PORT: '0', HOME: root };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'git-server.mjs')], {
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
  await once(reader, 'line');
  const port = Number(lines[0]?.replace('listening on ', ''));
  const origin = `http://127.0.0.1:${port}`;
  const work = await someRepository();
  return {
    ...work,
    root,
    repository: env.REPOSITORY,
    child,
    lines,
    origin,
    url: `${origin}/repository.git`,
    /** What `kubectl exec` does in the pod. */
    receive: async (branch = 'main') => {
      const bundle = join(root, 'bundle');
      await work.git('bundle', 'create', '--quiet', bundle, 'HEAD');
      return ended('sh', [join(import.meta.dirname, 'receive-bundle.sh'), branch], {
        env,
        input: readFileSync(bundle),
      });
    },
    clone: (...args: readonly string[]) =>
      ended('git', ['clone', '--quiet', ...args, `${origin}/repository.git`, join(root, 'clone')]),
    inClone: (...args: readonly string[]) => ended('git', args, { cwd: join(root, 'clone') }),
    /** A request as it is, which `fetch` would tidy up. */
    ask: async (method: string, path: string, headers: Record<string, string> = {}, body?: Uint8Array) => {
      const request = httpRequest({ port, host: '127.0.0.1', method, path, headers });
      request.end(body);
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      return {
        status: response.statusCode,
        headers: response.headers,
        text: Buffer.concat(parts).toString(),
      };
    },
  };
}

test.each(['0', '1', '2'])('a clone by protocol %s has the branch that was given', async (version) => {
  const { receive, clone, inClone, git } = await server();
  const head = await git('rev-parse', 'HEAD');
  expect(await receive()).toEqual({ code: 0, stdout: `${head}\n`, stderr: '' });

  expect(await clone('-c', `protocol.version=${version}`)).toMatchObject({ code: 0, stderr: '' });
  expect((await inClone('rev-parse', 'HEAD', '--abbrev-ref', 'HEAD')).stdout).toBe(`${head}\nmain\n`);
  expect((await inClone('fsck', '--strict')).code).toBe(0);
});

test.each(['0', '2'])('ls-remote by protocol %s tells the branches', async (version) => {
  const { receive, url, git } = await server();
  await receive();
  await receive('other');
  const { stdout } = await ended('git', ['-c', `protocol.version=${version}`, 'ls-remote', url], {});
  const head = await git('rev-parse', 'HEAD');
  expect(stdout).toBe(`${head}\tHEAD\n${head}\trefs/heads/main\n${head}\trefs/heads/other\n`);
});

test('only who speaks version 2 is answered in it', async () => {
  const { ask, receive } = await server();
  await receive();
  const path = '/repository.git/info/refs?service=git-upload-pack';
  expect((await ask('GET', path)).text).toMatch(/^001e# service=git-upload-pack\n0000/);
  const { status, headers, text } = await ask('GET', path, { 'Git-Protocol': 'version=2' });
  expect(text).toMatch(/^000eversion 2\n/);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/x-git-upload-pack-advertisement',
    'cache-control': 'no-cache',
  });
});

test('a shallow clone has one commit, and the rest can be fetched', async () => {
  const { receive, clone, inClone, commit } = await server();
  await commit('second');
  await receive();
  expect(await clone('--depth', '1')).toMatchObject({ code: 0 });
  expect((await inClone('rev-list', '--count', 'HEAD')).stdout).toBe('1\n');
  expect((await inClone('fetch', '--quiet', '--unshallow')).code).toBe(0);
  expect((await inClone('rev-list', '--count', 'HEAD')).stdout).toBe('2\n');
});

test('a fetch brings what came since, also when many things are asked for in a packed body', async () => {
  const { receive, clone, inClone, commit, lines, root } = await server();
  await receive();
  await clone();
  // What a client has is told in a body that is packed from 1024 bytes on.
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  for (let count = 0; count < 40; count++)
    await inClone(...author, 'commit', '--quiet', '--allow-empty', '--message', `own ${count}`);
  const next = await commit('second');
  await receive();
  const { code, stderr } = await ended('git', ['fetch', 'origin'], {
    cwd: join(root, 'clone'),
    env: { GIT_TRACE_CURL: '1' },
  });
  expect({ code, packed: /content-encoding: gzip/i.test(stderr) }).toEqual({ code: 0, packed: true });
  expect((await inClone('rev-parse', 'origin/main')).stdout).toBe(`${next}\n`);
  // Told when the connection is over, which the client does not wait for.
  await expect.poll(() => lines, { timeout: 10_000 }).toContain('POST "/repository.git/git-upload-pack" 200');
});

test('a history that was written anew takes the place of the one before, which can still be asked for', async () => {
  const { receive, clone, inClone, commit, git, repository, root, url } = await server();
  const before = await commit('second');
  await receive();
  await clone('--branch', 'main');
  await git('reset', '--quiet', '--hard', 'HEAD~1');
  const after = await commit('another second');
  expect((await receive()).stdout).toBe(`${after}\n`);
  expect((await inClone('fetch', '--quiet', 'origin')).code).toBe(0);
  expect((await inClone('rev-parse', 'origin/main')).stdout).toBe(`${after}\n`);
  // By one that does not have it yet.
  for (const version of ['0', '2']) {
    const fresh = join(root, `fresh-${version}`);
    await ended('git', ['init', '--quiet', '--bare', fresh]);
    const args = ['-c', `protocol.version=${version}`, 'fetch', '--quiet', url, before];
    expect(await ended('git', args, { cwd: fresh })).toMatchObject({ code: 0, stderr: '' });
  }
  // Nothing of how it came stays.
  expect(readdirSync(join(repository, '..'))).toEqual(['repository.git']);
});

test('the same commit can be given twice', async () => {
  const { receive } = await server();
  const first = await receive();
  expect(await receive()).toEqual(first);
});

test('what is no bundle changes nothing, and leaves nothing', async () => {
  const { receive, repository, url, root } = await server();
  await receive();
  const before = await ended('git', ['ls-remote', url]);
  const { code, stderr } = await ended('sh', [join(import.meta.dirname, 'receive-bundle.sh'), 'main'], {
    env: { REPOSITORY: repository, HOME: root },
    input: Buffer.from('no bundle'),
  });
  expect({ code: code !== 0, stderr: stderr !== '' }).toEqual({ code: true, stderr: true });
  expect(await ended('git', ['ls-remote', url])).toEqual(before);
  expect(readdirSync(join(repository, '..'))).toEqual(['repository.git']);
});

test('a push is refused', async () => {
  const { receive, clone, inClone, url, ask } = await server();
  await receive();
  await clone();
  const before = await ended('git', ['ls-remote', url]);
  const { code, stderr } = await inClone('push', 'origin', 'HEAD:refs/heads/pushed');
  expect(code).not.toBe(0);
  expect(stderr).toContain('403');
  const direct = await ask('POST', '/repository.git/git-receive-pack', {}, Buffer.from('0000'));
  expect(direct).toMatchObject({ status: 403, text: expect.stringContaining(READ_ONLY) as string });
  expect(await ended('git', ['ls-remote', url])).toEqual(before);
});

const ANSWERS = [
  // Repositories that are not there, also beside the one that is.
  ['GET', '/other.git/info/refs?service=git-upload-pack', 404],
  ['POST', '/other.git/git-upload-pack', 404],
  ['GET', '/private.git/info/refs?service=git-upload-pack', 404],
  // Files of the one that is.
  ['GET', '/repository.git/HEAD', 404],
  ['GET', '/repository.git/config', 404],
  ['GET', '/repository.git', 404],
  ['GET', '/', 404],
  // Ways around.
  ['GET', '/repository.git/../private.git/info/refs?service=git-upload-pack', 404],
  ['GET', '/../private.git/info/refs?service=git-upload-pack', 404],
  ['GET', '/repository.git/..%2fprivate.git/info/refs?service=git-upload-pack', 404],
  ['GET', '/repository.git/%2e%2e/private.git/info/refs?service=git-upload-pack', 404],
  ['GET', '//repository.git/info/refs?service=git-upload-pack', 404],
  ['GET', '/repository.git/./info/refs?service=git-upload-pack', 404],
  ['GET', '/repository.git/info/refs%00?service=git-upload-pack', 404],
  ['GET', 'http://elsewhere/repository.git/info/refs?service=git-upload-pack', 404],
  ['GET', '/__proto__', 404],
  // Other services, and other methods.
  ['GET', '/repository.git/info/refs', 403],
  ['GET', '/repository.git/info/refs?service=git-receive-pack', 403],
  ['GET', '/repository.git/info/refs?service=git-upload-archive', 403],
  ['GET', '/repository.git/info/refs?service=git-upload-pack%20--help', 403],
  ['POST', '/repository.git/info/refs?service=git-upload-pack', 405],
  ['GET', '/repository.git/git-upload-pack', 405],
  ['PUT', '/repository.git/git-upload-pack', 405],
  ['DELETE', '/healthz', 405],
  ['GET', '/healthz', 200],
] as const;

test('only these addresses and methods are answered, and none leads to a file', async () => {
  const { ask, root } = await server();
  expect((await ended('git', ['init', '--quiet', '--bare', join(root, 'data/private.git')])).code).toBe(0);
  const answers = [];
  for (const [method, path] of ANSWERS) answers.push([method, path, (await ask(method, path)).status]);
  expect(answers).toEqual(ANSWERS);
});

test('bodies that cannot be read are refused, and the server goes on', async () => {
  const { ask, receive, clone } = await server();
  await receive();
  const path = '/repository.git/git-upload-pack';
  const packed = { 'content-encoding': 'gzip' };
  expect(await ask('POST', path, packed, Buffer.from('no gzip'))).toMatchObject({ status: 400 });
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  expect(await ask('POST', path, packed, bomb)).toMatchObject({ status: 400 });
  await ask('POST', path, {}, Buffer.from('zzzz'));
  expect(await clone()).toMatchObject({ code: 0 });
});

test('a Git-Protocol that is none never becomes part of the environment', async () => {
  const { ask, receive } = await server();
  await receive();
  const path = '/repository.git/info/refs?service=git-upload-pack';
  const { status, text } = await ask('GET', path, { 'Git-Protocol': 'version=2:$(touch x)' });
  expect({ status, old: text.startsWith('001e#') }).toEqual({ status: 200, old: true });
});

test('a start over what is there keeps it, and a signal ends the server', async () => {
  const { receive, child, repository, git } = await server();
  await receive();
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
  const again = spawn(process.execPath, [join(import.meta.dirname, 'git-server.mjs')], {
    env: { ...process.env, REPOSITORY: repository, PORT: '0' },
  });
  onTestFinished(() => void again.kill('SIGKILL'));
  const [line] = (await once(createInterface(again.stdout), 'line')) as [string];
  const url = line.replace('listening on ', 'http://127.0.0.1:') + '/repository.git';
  const { stdout } = await ended('git', ['ls-remote', url, 'main']);
  expect(stdout).toBe(`${await git('rev-parse', 'HEAD')}\trefs/heads/main\n`);
});
