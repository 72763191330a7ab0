/** Modules of Go as archives of files: what they hold besides Go is taken, nothing is built. */
import { readFileSync } from 'node:fs';
import { ChartError } from '../errors.ts';
import { runProgram } from '../run-program.ts';

/** One line of go-modules.txt. */
export interface GoModule {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  /** The checksum of its contents, as in a go.sum. */
  readonly sum: string;
}

/** Returns the modules that a file pins: a name, a path, a version and a checksum a line, `#` begins a comment. */
export function readGoModules(file: string): GoModule[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => ({ words: line.trim().split(/\s+/), at: `${file}:${index + 1}` }))
    .filter(({ words }) => words[0] !== '' && words[0]?.startsWith('#') !== true)
    .map(({ words, at }) => {
      const [name, path, version, sum] = words;
      if (words.length !== 4 || !name || !path || !version || !sum)
        throw new ChartError(`${at}: has to be "name module version checksum", and is "${words.join(' ')}".`);
      return { name, path, version, sum };
    });
}

const NO_GO =
  'It fetches the definitions that charts are checked against. Install Go 1.26 or newer (Debian/Ubuntu: apt install golang; ' +
  'macOS: brew install go; or go.dev/dl).';

/**
 * Downloads a module into `cache` and returns its folder. Throws a `ChartError` when it cannot be fetched or is not what is pinned.
 */
export async function downloadGoModule(
  { path, version, sum }: GoModule,
  {
    cache,
    signal,
    go = 'go',
  }: { readonly cache: string; readonly signal: AbortSignal; readonly go?: string },
): Promise<string> {
  const { stdout, stderr } = await runProgram(go, ['mod', 'download', '-json', `${path}@${version}`], {
    cwd: cache,
    signal,
    missing: NO_GO,
    // A cache of its own, since most of a module is of no use here, that can be removed; no toolchain is fetched, nothing is compiled.
    env: {
      ...process.env,
      GOMODCACHE: cache,
      GOFLAGS: '-modcacherw',
      GOWORK: 'off',
      GO111MODULE: 'on',
      GOTOOLCHAIN: 'local',
    },
  });
  const answer = parseAnswer(stdout) ?? { Error: stderr };
  if (answer.Error !== undefined || answer.Dir === undefined) {
    const reason = (answer.Error ?? stderr).trim().split('\n').at(-1) ?? '';
    throw new ChartError(
      `${path} ${version} could not be fetched: ${reason}\nIs there a network, and is GOPROXY right (go env GOPROXY)?`,
    );
  }
  if (answer.Sum !== sum) {
    throw new ChartError(
      `${path} ${version} has the checksum ${answer.Sum}, and ${sum} is pinned.\n` +
        'When the version was changed on purpose, write the new checksum beside it in tools/charts/schema-sources/go-modules.txt.',
    );
  }
  return answer.Dir;
}

interface Answer {
  readonly Dir?: string;
  readonly Sum?: string;
  readonly Error?: string;
}

function parseAnswer(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}
