import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tinyChart } from '../render/tiny-chart.setup.ts';
import { validateCommand } from './validate.ts';

function workspace(): string {
  const root = mkdtempSync(join(tmpdir(), 'workspace-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'charts'));
  for (const name of ['one', 'two'])
    cpSync(tinyChart().folder, join(root, 'charts', name), { recursive: true });
  return root;
}

async function validate(...names: string[]) {
  const lines: string[] = [];
  const out = (line: string) => lines.push(line);
  const fine = await validateCommand(names, { workspace: workspace(), out, log: () => undefined });
  return { fine, lines };
}

describe('charts validate', { timeout: 600_000 }, () => {
  it('has a line for each variant, a line below it for each finding, and a sum', async () => {
    const { fine, lines } = await validate('two');
    expect(fine).toBe(false);
    expect(lines[0]).toBe('two (default): 6 findings');
    expect(lines[1]).toMatch(
      /^ {2}two \(default\): ConfigMap\/two: metadata\.labels\["app\.kubernetes\.io\/name"\]: is missing; /,
    );
    expect(lines.at(-1)).toBe('1 charts, 1 variants: 6 findings.');
  });

  it('takes all charts when none is named', async () => {
    expect((await validate()).lines.at(-1)).toBe('2 charts, 2 variants: 12 findings.');
  });

  it('knows which charts there are', async () => {
    await expect(validate('three')).rejects.toThrow('There is no chart "three". Charts: one, two.');
  });
});
