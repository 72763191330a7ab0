import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from './generated-files.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../..');

test.each(generatedFiles(WORKSPACE))(
  '%s is what it is generated from (npm run generate)',
  (file, content) => {
    expect(readFileSync(join(WORKSPACE, file), 'utf8')).toBe(content);
  },
);
