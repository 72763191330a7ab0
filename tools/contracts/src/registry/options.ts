import type { ParseArgsOptionsConfig } from 'node:util';
import { WrongUsage } from '../commands/command.ts';
import { ADDRESS } from './registry-address.ts';
import { DEFAULT_TIMEOUT_MS } from './registry-client.ts';

export interface RegistryOptions {
  readonly registry: string;
  readonly prefix: string;
  readonly json: boolean;
  readonly timeoutMs: number;
  readonly waitMs: number;
  readonly ignore: readonly string[];
}

export const SHARED_OPTIONS = {
  registry: { type: 'string' },
  prefix: { type: 'string' },
  timeout: { type: 'string' },
  wait: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;
export const FORMAT_OPTION = { format: { type: 'string' } } as const satisfies ParseArgsOptionsConfig;
export const IGNORE_OPTION = {
  ignore: { type: 'string', multiple: true },
} as const satisfies ParseArgsOptionsConfig;
/** What a timer of Node can hold. */
const MAX_SECONDS = 2_147_483;

/** Returns what the options of `plan`, `apply` or `verify` say. Throws `WrongUsage` for values it cannot work with. */
export function readOptions(
  values: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): RegistryOptions {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const format = text('format') ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new WrongUsage(`--format is "${format}", expected text or json`);
  const ignore = values['ignore'];
  const options = {
    registry: text('registry') ?? env['SCHEMA_REGISTRY_URL'] ?? '',
    prefix: text('prefix') ?? '',
    json: format === 'json',
    timeoutMs: 1_000 * seconds('timeout', text('timeout') ?? String(DEFAULT_TIMEOUT_MS / 1_000), 0.1),
    waitMs: 1_000 * seconds('wait', text('wait') ?? '0', 0),
    ignore: Array.isArray(ignore) ? ignore.map(String) : [],
  };
  if (options.registry === '') throw new WrongUsage(`Which registry? Set ${ADDRESS}`);
  return options;
}

function seconds(option: string, text: string, least: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= least && value <= MAX_SECONDS) return value;
  throw new WrongUsage(`--${option} is "${text}", expected seconds from ${least} to ${MAX_SECONDS}`);
}
