import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { storeOpenApi } from './openapi.ts';

describe('openapi.json', () => {
  it('is what the routes say; if not: npm run openapi -w @eda/store', async () => {
    expect(await readFile(new URL('../openapi.json', import.meta.url), 'utf8')).toBe(await storeOpenApi());
  });

  it('describes both ways to record, with every problem they answer', async () => {
    const { paths } = JSON.parse(await storeOpenApi()) as {
      paths: Record<string, { post: { responses: object } }>;
    };
    expect(Object.keys(paths)).toEqual(['/stores/{storeId}/movements', '/movements:batch']);
    for (const { post } of Object.values(paths)) {
      expect(Object.keys(post.responses)).toEqual(
        expect.arrayContaining(['400', '413', '415', '422', '503']),
      );
    }
  });
});
