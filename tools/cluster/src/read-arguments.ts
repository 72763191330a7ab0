import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './errors.ts';

/** Returns the options of a command line with `--help`, and what else stands there. Throws `UsageError`. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>, P extends boolean>(
  args: readonly string[],
  options: T,
  allowPositionals: P,
) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals,
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ', 1)[0]);
  }
}
