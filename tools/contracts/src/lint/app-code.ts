import type { FileTree } from '../read/file-tree.ts';
import { listFolder } from '../read/list-files.ts';

/** A source file that runs in a service; tests and their helpers may do what services must not. */
export interface AppCode {
  /** Folder name under `apps/`. */
  readonly app: string;
  readonly file: string;
  readonly text: string;
}

/** Returns the TypeScript of all services. */
export function readAppCode(tree: FileTree): AppCode[] {
  return listFolder(tree, 'apps')
    .files.filter(
      (file) => /^apps\/[^/]+\/src\/.*\.[cm]?ts$/.test(file) && !/\.(test|setup)\.[cm]?ts$/.test(file),
    )
    .map((file) => ({ app: file.split('/')[1] ?? '', file, text: tree.bytes(file).toString() }));
}
