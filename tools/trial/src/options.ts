/** The command line of `npm run trial`. */
import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';
import { STEPS } from './steps.ts';

export const HELP = `Usage: npm run trial -- <command> [options]

Tries the charts of the apps on the cluster of the current kubectl context (docs/how-to/try-the-charts.md).

Commands
  platform    runs Kafka (TLS, passwords, rights), the registry and PostgreSQL on this machine for pods to use; for a
              cluster without operators. Ctrl-C stops it.
  run         installs the charts and tries them:
${STEPS.map(({ name, title }) => `                ${name.padEnd(12)}${title}`).join('\n')}

Options
  --namespace <name>   default apps
  --help               this text

Options of run
  --step <name>        only this step; may be given several times. The first one installs.
  --rate <n>           movements per second while something is done, default 50
  --images <address>   address of the images without the name of the app, default that of the charts
  --tag <tag>          tag of the images, default that of the charts
  --given-secrets      the Secrets <app>-kafka are there; no KafkaAccess is made
  --json <file>        writes the results to a file
`;

export type TrialCommand =
  | { readonly name: 'help' }
  | { readonly name: 'platform'; readonly namespace: string }
  | {
      readonly name: 'run';
      readonly namespace: string;
      readonly steps: readonly string[];
      readonly rate: number;
      readonly images?: string;
      readonly tag?: string;
      readonly givenSecrets: boolean;
      readonly json?: string;
    };

/** Returns what the command line asks for. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): TrialCommand {
  const { values, positionals } = parse(args);
  if (values.help) return { name: 'help' };
  const [name, ...more] = positionals;
  if (name === undefined) throw new UsageError('a command is missing: platform or run');
  if ((name !== 'platform' && name !== 'run') || more.length > 0)
    throw new UsageError(`"${positionals.join(' ')}" is not a command: platform and run are`);
  const { namespace, images, tag, json } = values;
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace))
    throw new UsageError(`--namespace "${namespace}": expected lower-case letters, digits and hyphens`);
  if (name === 'platform') return { name, namespace };
  const known = STEPS.map((step) => step.name);
  const wrong = values.step.find((step) => !known.includes(step));
  if (wrong !== undefined) throw new UsageError(`--step "${wrong}": expected one of ${known.join(', ')}`);
  const rate = Number(values.rate);
  if (!(Number.isInteger(rate) && rate >= 1 && rate <= 1000))
    throw new UsageError(`--rate "${values.rate}": expected a whole number from 1 to 1000`);
  return {
    name,
    namespace,
    rate,
    steps: values.step.length === 0 ? known : values.step,
    givenSecrets: values['given-secrets'],
    ...(images === undefined ? {} : { images }),
    ...(tag === undefined ? {} : { tag }),
    ...(json === undefined ? {} : { json }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        namespace: { type: 'string', default: 'apps' },
        step: { type: 'string', multiple: true, default: [] },
        rate: { type: 'string', default: '50' },
        images: { type: 'string' },
        tag: { type: 'string' },
        'given-secrets': { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ', 1)[0]);
  }
}
