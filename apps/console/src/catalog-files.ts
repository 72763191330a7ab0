/** The event catalogue, which `npm run catalog` makes, below `/catalog/`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { problem } from '@eda/service';
import type { HttpApp } from '@eda/service';

/** Nothing from other hosts, no inline code. */
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Serves the catalogue in `folder`, also one that is made later; while there is none, the answer is how to make it. */
export async function serveCatalog(app: HttpApp, folder: string): Promise<void> {
  const missing = `There is no event catalogue in ${folder}. Make it with npm run catalog, then load this page again.`;
  app.get('/catalog', (_request, reply) => reply.redirect('/catalog/', 308));
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      if (existsSync(join(folder, 'index.html'))) return;
      if (request.headers.accept?.includes('text/html') !== true) throw problem(404, { detail: missing });
      await reply.code(404).headers(SECURITY).type('text/plain; charset=utf-8').send(missing);
    });
    await scope.register(fastifyStatic, {
      root: folder,
      prefix: '/catalog/',
      decorateReply: false,
      setHeaders: (reply) => void reply.headers(SECURITY),
    });
  });
}
