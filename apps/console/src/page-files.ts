/**
 * The page as the browser loads it: our TypeScript with its types stripped, the libraries as their packages ship
 * them, and one import map that joins both. There is no bundle and no build step.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { HttpApp } from '@eda/service';
import type { FastifyReply, FastifyRequest } from 'fastify';

const PAGE_FOLDER = join(import.meta.dirname, 'page');
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The libraries the page may import: where each stands below `/vendor/` and the module that its bare name means. */
const LIBRARIES = [
  { name: 'lit', entry: 'index.js' },
  { name: 'lit-html', entry: 'lit-html.js' },
  { name: 'lit-element', entry: 'index.js' },
  { name: '@lit/reactive-element', entry: 'reactive-element.js' },
  { name: '@dagrejs/dagre', entry: 'dist/dagre.esm.js' },
  { name: 'uplot', entry: 'dist/uPlot.esm.js' },
] as const;

interface PageFile {
  readonly body: string;
  readonly contentType: string;
  readonly etag: string;
}

/** Serves the page at `/` with everything it needs; reads and strips all files once, before the first request. */
export async function servePage(app: HttpApp): Promise<void> {
  const files = await readPageFiles();
  const importMap = JSON.stringify({ imports: imports() });
  const document = documentWith(files.get('index.html'), importMap, [...files.keys()]);
  const security = {
    'content-security-policy': contentSecurityPolicy(importMap),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };

  for (const { name } of LIBRARIES) {
    await app.register(fastifyStatic, {
      root: packageFolder(name),
      prefix: `/vendor/${name}/`,
      decorateReply: false,
      index: false,
      allowedPath: (path) => /\.(js|css)$/.test(path) && !path.includes('/node_modules/'),
      cacheControl: false,
    });
  }
  app.get('/', (request, reply) => send(request, reply.headers(security), document));
  for (const [path, file] of files) {
    if (path !== 'index.html')
      app.get(`/page/${path}`, (request, reply) => send(request, reply.headers(security), file));
  }
}

async function readPageFiles(): Promise<Map<string, PageFile>> {
  const found = await readdir(PAGE_FOLDER, { recursive: true });
  const served = found.filter((path) => extname(path) in CONTENT_TYPES && !path.endsWith('.test.ts')).sort();
  const entries = served.map(async (path) => {
    const text = await readFile(join(PAGE_FOLDER, path), 'utf8');
    const body = path.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
    return [path.split(sep).join('/'), pageFile(body, CONTENT_TYPES[extname(path)] ?? 'text/plain')] as const;
  });
  return new Map(await Promise.all(entries));
}

function pageFile(body: string, contentType: string): PageFile {
  return {
    body,
    contentType,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  };
}

/** The modules are preloaded: without a bundle the browser would find them one import after the other. */
function documentWith(template: PageFile | undefined, importMap: string, paths: readonly string[]): PageFile {
  if (!template) throw new Error(`index.html is missing in ${PAGE_FOLDER}`);
  const preloads = paths
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `<link rel="modulepreload" href="/page/${path}">`);
  const head = `<script type="importmap">${importMap}</script>\n    ${preloads.join('\n    ')}`;
  return pageFile(
    template.body.replace('<!-- import map -->', () => head),
    template.contentType,
  );
}

function imports(): Record<string, string> {
  return Object.fromEntries(
    LIBRARIES.flatMap(({ name, entry }) => [
      [name, `/vendor/${name}/${entry}`],
      [`${name}/`, `/vendor/${name}/`],
    ]),
  );
}

/** Nothing from other hosts, no inline code but the import map, and HTML only from lit's own templates. */
function contentSecurityPolicy(importMap: string): string {
  const hash = createHash('sha256').update(importMap).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
}

function send(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  void reply.header('etag', file.etag).header('cache-control', 'no-cache');
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  return reply.type(file.contentType).send(file.body);
}

/** Finds a package by its package.json or, where the package keeps that to itself, above its entry module. */
function packageFolder(name: string): string {
  const entry = fileURLToPath(import.meta.resolve(name));
  const folder = join('node_modules', ...name.split('/'));
  const end = entry.lastIndexOf(folder);
  return end === -1 ? dirname(entry) : entry.slice(0, end + folder.length);
}
