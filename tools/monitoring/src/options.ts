/** The command line of `node tools/monitoring/src/main.ts`. */
import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';
import { type Source, SOURCES } from './known-metrics.ts';

const NAMES = Object.keys(SOURCES);

export const HELP = `Checks the alerts and dashboards of charts/kafka-monitoring.

Usage: node tools/monitoring/src/main.ts <command>

Commands:
  check             names and labels of metrics, alerts, runbooks, dashboards; prints what is wrong
  test-rules        renders the chart and runs its alerts through promtool; needs helm and promtool on the PATH
  generate          writes the dashboards of the chart
  record <source>   records which metrics there are, in tools/monitoring/metrics; sources: ${NAMES.join(', ')}

Options:
  --source FILE     with record kafka-exporter: a file of source to read in place of that of the Go module
  --help            shows this

Exit codes: 0 well, 1 something is wrong, 2 wrong usage
`;

export type Command =
  | { readonly name: 'help' | 'check' | 'generate' | 'test-rules' }
  | { readonly name: 'record'; readonly source: Source; readonly file?: string };

/** Reads the command line. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): Command {
  const { values, positionals } = read(args);
  if (values.help) return { name: 'help' };
  const [name, ...rest] = positionals;
  switch (name) {
    case undefined:
      throw new UsageError('A command is missing: check, test-rules, generate or record.');
    case 'check':
    case 'generate':
    case 'test-rules':
      if (rest.length > 0)
        throw new UsageError(`${name} takes nothing besides; "${rest.join(' ')}" is not expected.`);
      return { name };
    case 'record': {
      const [source, ...more] = rest;
      if (source === undefined) throw new UsageError(`A source is missing, one of ${NAMES.join(', ')}.`);
      if (more.length > 0) throw new UsageError(`One source at a time; "${more.join(' ')}" is not expected.`);
      if (!isSource(source))
        throw new UsageError(`There is no source "${source}". Sources: ${NAMES.join(', ')}.`);
      if (values.source === undefined) return { name, source };
      if (source !== 'kafka-exporter') throw new UsageError('--source goes with record kafka-exporter only.');
      return { name, source, file: values.source };
    }
    default:
      throw new UsageError(`There is no command "${name}".`);
  }
}

const isSource = (name: string): name is Source => NAMES.includes(name);

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { source: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
