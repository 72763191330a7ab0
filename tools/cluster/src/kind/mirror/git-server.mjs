/**
 * A Git server over HTTP that lets one repository be read: what `git clone`, `fetch` and `ls-remote` ask for, and nothing else. What is
 * asked for is compared with what there is and never becomes part of a path.
 */
import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import console from 'node:console';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { URLSearchParams } from 'node:url';
import { gunzipSync } from 'node:zlib';

const { PORT = '8080', REPOSITORY = '/git/repository.git' } = process.env;
/** What a client wants and has, in bytes; for one branch it is far less. */
const BODY_LIMIT = 8 * 1024 * 1024;
const SERVICE = 'git-upload-pack';

const made = spawnSync('git', ['init', '--quiet', '--bare', REPOSITORY], { stdio: 'inherit' });
if (made.status !== 0) throw made.error ?? new Error(`git init ${REPOSITORY} failed`);

/** What is served: path, method, and how. */
const routes = new Map([
  ['/healthz', { GET: (_, response) => say(response, 200, 'ok') }],
  [`/${basename(REPOSITORY)}/info/refs`, { GET: advertise }],
  [`/${basename(REPOSITORY)}/${SERVICE}`, { POST: answer }],
  [`/${basename(REPOSITORY)}/git-receive-pack`, { POST: refuse }],
]);

function refuse(_, response) {
  say(response, 403, 'This repository can be read only, by the smart protocol.');
}

async function advertise(request, response, query) {
  if (new URLSearchParams(query).get('service') !== SERVICE) return refuse(request, response);
  response.setHeader('content-type', `application/x-${SERVICE}-advertisement`);
  // Version 2 begins with what the server can do, the older ones with what is asked.
  const isV2 = /(^|:)version=2(:|$)/.test(protocolOf(request));
  const opening = isV2 ? '' : `001e# service=${SERVICE}\n0000`;
  await uploadPack(request, response, { options: ['--http-backend-info-refs'], opening });
}

async function answer(request, response) {
  const body = await bodyOf(request).catch(() => undefined);
  if (body === undefined) return say(response, 400, 'The body cannot be read.');
  response.setHeader('content-type', `application/x-${SERVICE}-result`);
  await uploadPack(request, response, { body });
}

async function uploadPack(request, response, { options = [], opening = '', body = '' }) {
  const git = spawn(
    'git',
    [
      // Who was told of a commit must find it after the branch has been made another.
      ...['-c', 'uploadpack.allowAnySHA1InWant=true'],
      ...['upload-pack', '--strict', '--timeout=60', '--stateless-rpc', ...options, REPOSITORY],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, GIT_PROTOCOL: protocolOf(request) } },
  );
  response.once('close', () => git.kill());
  // One that ends without reading all has said why.
  git.stdin.on('error', () => undefined).end(body);
  const failed = new Promise((_, reject) => git.once('error', reject));
  response.setHeader('cache-control', 'no-cache');
  if (opening !== '') response.write(opening);
  await Promise.race([pipeline(git.stdout, response), failed]);
}

function protocolOf({ headers }) {
  const asked = headers['git-protocol'] ?? '';
  return /^[a-z0-9=:]{1,64}$/.test(asked) ? asked : '';
}

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > BODY_LIMIT) throw new RangeError('too long');
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  const isPacked = /^(x-)?gzip$/.test(request.headers['content-encoding'] ?? '');
  return isPacked ? gunzipSync(body, { maxOutputLength: BODY_LIMIT }) : body;
}

function say(response, status, text, headers = {}) {
  response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`${text}\n`);
}

const server = createServer((request, response) => {
  const [path, query] = request.url.split('?', 2);
  response.once('close', () => {
    // One text: of several values, Node would colour some where it takes the output for a terminal.
    if (path !== '/healthz')
      console.log(`${request.method} ${JSON.stringify(request.url)} ${response.statusCode}`);
  });
  const methods = routes.get(path);
  if (methods === undefined) return say(response, 404, 'There is no such thing here.');
  if (!Object.hasOwn(methods, request.method)) {
    return say(response, 405, 'Not this way.', { allow: Object.keys(methods).join() });
  }
  Promise.resolve(methods[request.method](request, response, query)).catch((error) => {
    // Also a client that has gone.
    console.error(error);
    if (response.headersSent) response.destroy();
    else say(response, 500, 'Git cannot be run.');
  });
});

server.listen(Number(PORT), () => console.log(`listening on ${server.address().port}`));
// The first process of a container ends by a signal only if it says so.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit());
