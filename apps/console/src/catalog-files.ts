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

/** Serves the catalogue in `folder`; while there is none, the answer is how to make it. */
export async function serveCatalog(app: HttpApp, folder: string): Promise<void> {
  app.get('/catalog', (_request, reply) => reply.redirect('/catalog/', 308));
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/catalog/*', () => {
      throw problem(404, {
        detail: `There is no event catalogue in ${folder}. Run npm run catalog, then start the console again.`,
      });
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/catalog/',
    decorateReply: false,
    setHeaders: (reply) => void reply.headers(SECURITY),
  });
}
