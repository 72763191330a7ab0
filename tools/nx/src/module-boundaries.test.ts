import ts from 'typescript-eslint';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProjectGraphAsync } from '@nx/devkit';

/** Lints one line as if it stood in `filePath` and returns what the boundary rule says about it. */
async function boundaryErrors(code: string, filePath: string): Promise<string[]> {
  const eslint = new ESLint({ overrideConfig: [ts.configs.disableTypeChecked] });
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  const messages = result?.messages ?? [];
  expect(messages.filter((message) => message.fatal)).toEqual([]);
  return messages.filter((m) => m.ruleId === '@nx/enforce-module-boundaries').map((m) => m.message);
}

describe('the module boundary rule fires when', () => {
  // Without a cached project graph the rule prints a warning and lets everything pass.
  beforeAll(async () => {
    await createProjectGraphAsync();
  }, 120_000);

  it.each([
    ['an app imports another app', `import '../../inventory/src/app.ts';`, 'apps/store/src/probe.ts'],
    ['a library imports an app', `import '../../../apps/store/src/app.ts';`, 'libs/service/src/probe.ts'],
    ['the Kafka library imports the contracts', `import '@eda/contracts';`, 'libs/kafka/src/probe.ts'],
    ['the contracts import another library', `import '@eda/service';`, 'libs/contracts/src/probe.ts'],
    ['an app imports a tool', `import '@eda/platform';`, 'apps/store/src/probe.ts'],
    ['code that ships imports the test helpers', `import '@eda/testing';`, 'apps/store/src/probe.ts'],
  ])('%s', async (_, code, file) => {
    expect(await boundaryErrors(code, file)).toHaveLength(1);
  });

  it.each([
    ['an app imports a library', `import '@eda/kafka';`, 'apps/store/src/probe.ts'],
    ['a test imports the test helpers', `import '@eda/testing';`, 'apps/store/src/probe.test.ts'],
    ['a tool imports a library', `import '@eda/contracts';`, 'tools/system/src/probe.ts'],
  ])('and stays silent when %s', async (_, code, file) => {
    expect(await boundaryErrors(code, file)).toEqual([]);
  });
});
