import { describe, expect, it } from 'vitest';
import { shopRepository } from './fixtures/shop-repository.setup.ts';

describe('A file that is no YAML', () => {
  it.each(['gitops/root/values.yaml', 'gitops/root/values-dev.yaml'])(
    '%s is named with its line',
    async (file) => {
      const { write, read, run } = shopRepository();
      write(file, `${read(file)}\nkey: [unclosed\n`);
      const line = read(file).split('\n').length;
      const { code, err } = await run('promote', 'shop', 'dev', 'prod');
      expect(code).toBe(1);
      expect(err).toMatch(new RegExp(`^${file} is no YAML, line (${line - 1}|${line}): .+`));
      expect(err).not.toContain('    at ');
    },
  );

  it('and one without applications is told as that', async () => {
    const { write, run } = shopRepository();
    write('gitops/root/values.yaml', 'repoURL: ""\n');
    expect(await run('promote', 'shop', 'dev', 'prod')).toMatchObject({
      code: 1,
      err: 'gitops/root/values.yaml has no applications: nothing would be deployed.',
    });
  });
});
