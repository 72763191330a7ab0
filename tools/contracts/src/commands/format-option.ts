import { didYouMean } from '../problems.ts';
import { WrongUsage } from './command.ts';
import type { Call } from './command.ts';

/** What `--help` says of the formats for findings. */
export const FORMAT_HELP = `  --format   text    for people (what is meant without the option)
             json    {"findings": [{code, severity, file, line, column, field, message, why, fix}]}
             github  annotations in a workflow of GitHub Actions
             sarif   SARIF 2.1.0, as code scanning takes it
`;

/** Returns the format that was asked for with `--format`. Throws `WrongUsage` when there is none of that name. */
export function chosenFormat<T>(formats: ReadonlyMap<string, T>, { options }: Pick<Call, 'options'>): T {
  const name = String(options['format']);
  const format = formats.get(name);
  if (format !== undefined) return format;
  const known = [...formats.keys()];
  throw new WrongUsage(
    `Unknown format "${name}". ${didYouMean(name, known) ?? `Known are ${known.join(', ')}.`}`,
  );
}
