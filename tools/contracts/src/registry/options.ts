import { parseArgs } from 'node:util';

export interface RegistryOptions {
  /** Empty when it was given nowhere. */
  readonly registry: string;
  readonly prefix: string;
  readonly json: boolean;
  readonly timeoutMs: number;
  readonly waitMs: number;
  readonly ignore: readonly string[];
}

/** The command line is wrong; `message` says where. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const SHARED = {
  registry: { type: 'string' },
  prefix: { type: 'string' },
  timeout: { type: 'string' },
  wait: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
const FORMAT = { format: { type: 'string' } } as const;
const IGNORE = { ignore: { type: 'string', multiple: true } } as const;
/** What a timer of Node can hold. */
const MAX_SECONDS = 2_147_483;

/** Returns the options of `plan`, `apply` or `verify`, undefined when help is asked for. Throws `UsageError`. */
export function readOptions(
  command: 'plan' | 'apply' | 'verify',
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RegistryOptions | undefined {
  const values = parse(command, args);
  if (values['help'] === true) return undefined;
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const format = text('format') ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new UsageError(`--format is "${format}", expected text or json`);
  const ignore = values['ignore'];
  return {
    registry: text('registry') ?? env['SCHEMA_REGISTRY_URL'] ?? '',
    prefix: text('prefix') ?? '',
    json: format === 'json',
    timeoutMs: 1_000 * seconds('timeout', text('timeout') ?? '15', 0.1),
    waitMs: 1_000 * seconds('wait', text('wait') ?? '0', 0),
    ignore: Array.isArray(ignore) ? ignore.map(String) : [],
  };
}

function parse(command: string, args: readonly string[]): Readonly<Record<string, unknown>> {
  const options = {
    ...SHARED,
    ...(command !== 'apply' && FORMAT),
    ...(command === 'verify' && IGNORE),
  };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? '');
  }
}

function seconds(option: string, text: string, least: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= least && value <= MAX_SECONDS) return value;
  throw new UsageError(`--${option} is "${text}", expected seconds from ${least} to ${MAX_SECONDS}`);
}
