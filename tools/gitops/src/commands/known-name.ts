import { didYouMean } from '@eda/contracts-cli/command-line';
import { UsageError } from '../errors.ts';

/** Throws a `UsageError` that tells the nearest name, or all, when `name` is none of `names`. */
export function checkKnown(what: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new UsageError(
    `There is no ${what} "${name}". ${didYouMean(name, names) ?? `Known are ${names.join(', ')}.`}`,
  );
}
