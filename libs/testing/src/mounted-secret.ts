import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Secret mounted as a directory, exchanged in one step as Kubernetes does it. */
export interface MountedSecret extends Disposable {
  readonly path: string;
  /** The new content; files that are not in it are gone. */
  replace(files: Readonly<Record<string, string>>): void;
}

/** Returns a new directory with these files; dispose it at the end. */
export function createMountedSecret(files: Readonly<Record<string, string>>): MountedSecret {
  const path = mkdtempSync(join(tmpdir(), 'mounted-secret-'));
  const names = new Set<string>();
  let generation = 0;
  const replace = (content: Readonly<Record<string, string>>) => {
    const before = `..generation-${generation}`;
    generation += 1;
    const now = `..generation-${generation}`;
    mkdirSync(join(path, now));
    for (const [name, text] of Object.entries(content)) writeFileSync(join(path, now, name), text);
    symlinkSync(now, join(path, '..data_tmp'));
    renameSync(join(path, '..data_tmp'), join(path, '..data'));
    for (const name of Object.keys(content)) {
      if (!names.has(name)) symlinkSync(join('..data', name), join(path, name));
      names.add(name);
    }
    for (const name of names) {
      if (name in content) continue;
      rmSync(join(path, name));
      names.delete(name);
    }
    rmSync(join(path, before), { recursive: true, force: true });
  };
  replace(files);
  return {
    path,
    replace,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
