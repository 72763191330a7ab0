/** The cases of gitops/health/tests, and Argo CD's Lua to try them in. */
import { runProgram } from '@eda/charts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface HealthCase {
  readonly it: string;
  readonly object: unknown;
  readonly gives: string;
  readonly message: string;
}

export interface Verdict {
  readonly status?: string;
  readonly message?: string;
  readonly error?: string;
}

interface CaseFile {
  readonly base?: unknown;
  readonly cases: readonly {
    readonly it: string;
    readonly object?: unknown;
    readonly gives: string;
    readonly message?: string;
  }[];
}

/** Returns the cases of each script, by the script's name without `.lua`. */
export function readCases(health: string): Map<string, HealthCase[]> {
  const folder = join(health, 'tests');
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => {
        const { base = {}, cases } = parse(readFileSync(join(folder, file), 'utf8'), {
          merge: true,
        }) as CaseFile;
        const whole = cases.map(({ it, object = {}, gives, message = '' }) => ({
          it,
          gives,
          message,
          object: withTime(changed(base, object)),
        }));
        return [file.replace(/\.yaml$/, ''), whole];
      }),
  );
}

/** Runs scripts on objects, in the same order. Throws when the program fails. */
export async function judge(
  program: string,
  requests: readonly { readonly script: string; readonly object: unknown }[],
): Promise<Verdict[]> {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const { code, stdout, stderr } = await runProgram(program, [], { input });
  if (code !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict);
}

/** `base` with what `change` says: null takes a field away, lists are replaced. */
function changed(base: unknown, change: unknown): unknown {
  if (!isRecord(base) || !isRecord(change)) return change;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(change)])];
  return Object.fromEntries(
    keys
      .filter((key) => change[key] !== null)
      .map((key) => [key, key in change ? changed(base[key], change[key]) : base[key]]),
  );
}

function withTime(object: unknown): unknown {
  const now = new Date().toISOString().replace(/\.\d+/, '');
  return JSON.parse(JSON.stringify(object), (_, value: unknown) => (value === 'now' ? now : value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
