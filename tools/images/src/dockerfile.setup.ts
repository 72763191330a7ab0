/** What the Dockerfile says of the image itself, for tests that do as the image does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceOf } from './programs.ts';

export interface ImageConfig {
  readonly base: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[];
}

/** Returns what the last stage of the Dockerfile in `root` says of `image`. */
export function imageConfig(root: string, image: string): ImageConfig {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  const last = text.slice(text.lastIndexOf('\nFROM '));
  const one = (pattern: RegExp, from = last) => {
    const [, found] = pattern.exec(from) ?? [];
    if (found === undefined) throw new Error(`The Dockerfile has nothing like ${pattern.source}`);
    return found;
  };
  return {
    base: one(/^ARG NODE=(\S+)$/m, text),
    env: Object.fromEntries(
      one(/^ENV (.+)$/m)
        .split(' ')
        .map((pair) => pair.split('=') as [string, string]),
    ),
    workdir: one(/^WORKDIR (\S+)$/m).replace('${KIND}/${APP}', workspaceOf(image)),
    user: one(/^USER (\S+)$/m),
    entrypoint: JSON.parse(one(/^ENTRYPOINT (\[.+\])$/m)) as string[],
    healthcheck: JSON.parse(one(/^HEALTHCHECK .*CMD (\[.+\])$/m)) as string[],
  };
}
