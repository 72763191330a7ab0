/** gitops/bootstrap/30-root.yaml, the one place where repository, branch and environment stand. */
import { GitopsError } from '../errors.ts';

export const ROOT_FILE = 'gitops/bootstrap/30-root.yaml';

export interface RootSettings {
  readonly repository: string;
  readonly branch: string;
  readonly environment: string;
}

/** Each is in one line, so that its comments and its form stay. */
const LINES = {
  repository: /^( *(?:- &\w+|repoURL:) )(?!\*)(\S+)$/gm,
  branch: /^( *targetRevision: )(\S+)$/gm,
  environment: /^( *valueFiles: \[values-)([a-z0-9-]+)(?=\.yaml\]$)/gm,
} as const;

/** Returns what stands in the file. Throws a `GitopsError` when something does not stand there once. */
export function readRootFile(text: string): RootSettings {
  const read = (name: keyof RootSettings): string => {
    const [found, ...more] = [...text.matchAll(LINES[name])];
    if (found?.[2] === undefined || more.length > 0)
      throw new GitopsError(
        `${ROOT_FILE}: there must be one ${name}, and there are ${found ? more.length + 1 : 0}.`,
      );
    return found[2];
  };
  return { repository: read('repository'), branch: read('branch'), environment: read('environment') };
}

/** Returns the text with other settings. */
export function withSettings(text: string, settings: RootSettings): string {
  return Object.entries(settings).reduce(
    (written, [name, value]: [string, string]) =>
      written.replace(LINES[name as keyof RootSettings], (_, before: string) => `${before}${value}`),
    text,
  );
}
