import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { chromiumLaunch } from './chromium.ts';

const folders: string[] = [];

function folderWith(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  folders.push(folder);
  const file = join(folder, name);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return folder;
}

describe('finding a browser', () => {
  afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

  it('takes what CHROME_PATH says', () => {
    const path = join(folderWith('my-browser'), 'my-browser');
    expect(chromiumLaunch({ CHROME_PATH: path, PATH: folderWith('chromium') }).executablePath).toBe(path);
  });

  it('says so when CHROME_PATH leads nowhere, instead of taking another', () => {
    expect(() => chromiumLaunch({ CHROME_PATH: '/nowhere/chrome', PATH: folderWith('chromium') })).toThrow(
      /CHROME_PATH is \/nowhere\/chrome/,
    );
  });

  it('finds one on the PATH', () => {
    const folder = folderWith('chromium');
    expect(chromiumLaunch({ PATH: folder }).executablePath).toBe(join(folder, 'chromium'));
  });
});
