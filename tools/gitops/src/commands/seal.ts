/** `seal`: secrets that may be in Git, since only the key of one environment opens them. */
import { didYouMean } from '@eda/contracts-cli/command-line';
import { resolveTool } from '@eda/helm';
import { GitopsError, UsageError } from '../errors.ts';
import { readInventory } from '../inventory.ts';
import { isSealed } from '../invariants/look.ts';
import { isApplication } from '../tree/application.ts';
import { renderApplication, renderRoot, renderTree } from '../tree/render-tree.ts';
import {
  databaseSecrets,
  newPassword,
  POSTGRES,
  readSealed,
  sealedText,
  secretsFile,
} from '../sealing/sealed-passwords.ts';
import { certificateFile, readCertificate, readKeys, writeKey } from '../sealing/sealing-keys.ts';
import { type SealedFor, type Sealing, sealingProgram } from '../sealing/sealing-program.ts';
import { writeFiles } from '../write-files.ts';
import type { CommandContext } from './context.ts';
import { checkKnown } from './known-name.ts';
import { readArguments } from './read-arguments.ts';
import { renderTools } from './render-tools.ts';

const HELP = `Seals secrets for the environments that get theirs from Git. docs/how-to/seal-a-secret.md shows how to work with it.

Usage: npm run seal -- <command>

Commands:
  key <environment> <file>                makes a key, keeps it in <file>, outside of the repository, and seals a new password for every database
  passwords <environment> [<database>…]   seals new passwords: for these databases, or for those that have none
  value <environment> <namespace>/<name>  reads a value from standard input and prints what stands for it in the SealedSecret of this name
  verify <environment> <file>             tells whether the keys in <file> open all that is sealed for the environment

No command prints a secret. Exit codes: 0 fine, 1 cannot be done, or not all can be opened, 2 wrong usage
`;

interface Task extends CommandContext {
  readonly sealing: Sealing;
  readonly environment: string;
  readonly rest: readonly string[];
}

const COMMANDS: Readonly<Record<string, (task: Task) => Promise<number> | number>> = {
  key: makeKey,
  passwords: sealPasswords,
  value: sealValue,
  verify,
};

/** Seals, or tells whether what is sealed can be opened; resolves with the exit code. Throws `UsageError` and `GitopsError`. */
export async function sealCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = readArguments(args, {});
  if (values.help) {
    context.out(HELP.trimEnd());
    return 0;
  }
  const [name = '', environment, ...rest] = positionals;
  const command = COMMANDS[name];
  if (command === undefined)
    throw new UsageError(
      `What is to be done? ${didYouMean(name, Object.keys(COMMANDS)) ?? Object.keys(COMMANDS).join(', ')}`,
    );
  const known = [...readInventory(context.workspace).environments.keys()];
  if (environment === undefined)
    throw new UsageError(`For which environment? Known are ${known.join(', ')}.`);
  checkKnown('environment', environment, known);
  const sealing = sealingProgram(await resolveTool('sealing', { log: context.log }));
  return command({ ...context, sealing, environment, rest });
}

async function makeKey(task: Task): Promise<number> {
  const { workspace, environment, out, sealing } = task;
  const [file, ...more] = task.rest;
  if (file === undefined || more.length > 0)
    throw new UsageError('Where is the key to be kept? Name one file, outside of the repository.');
  const secrets = await secretsOfDatabases(task);
  const key = sealing.makeKey(environment);
  // What another key has sealed cannot be opened here, and not be sealed again.
  const sealed = sealNew(secrets, [...secrets.keys()], key.certificate, task);
  writeKey(file, key, { workspace, environment });
  writeFiles(
    [
      [certificateFile(environment), key.certificate],
      [secretsFile(environment), sealedText(sealed)],
    ],
    task,
  );
  out(`${file} is the key. Keep it where passwords are kept; nobody can make it again.`);
  out('Give it to the cluster before Argo CD gets the commit:');
  out(`  kubectl create namespace sealed-secrets --dry-run=client --output yaml | kubectl apply -f -`);
  out(`  kubectl apply -f ${file}`);
  out(
    '  kubectl -n sealed-secrets rollout restart deployment   # where Sealed Secrets runs already: it reads keys when it starts',
  );
  out(`Then npm run generate, and commit.`);
  return 0;
}

async function sealPasswords(task: Task): Promise<number> {
  const { workspace, environment, rest, out } = task;
  const certificate = readCertificate(workspace, environment);
  const secrets = await secretsOfDatabases(task);
  const present = readSealed(workspace, environment);
  for (const name of rest) checkKnown('database', name, [...secrets.keys()]);
  const wanted = rest.length > 0 ? rest : [...secrets.keys()].filter((name) => !present.has(name));
  if (wanted.length === 0) {
    out(`Every database of ${environment} has a sealed password. Name those that are to have a new one.`);
    return 0;
  }
  writeFiles(
    [
      [
        secretsFile(environment),
        sealedText(new Map([...present, ...sealNew(secrets, wanted, certificate, task)])),
      ],
    ],
    task,
  );
  out(
    `New passwords are sealed for ${wanted.join(', ')}. Commit; the database takes them, and the apps when they start again.`,
  );
  return 0;
}

function sealNew(
  secrets: ReadonlyMap<string, SealedFor>,
  databases: readonly string[],
  certificate: string,
  { sealing }: Task,
): Map<string, string> {
  return new Map(
    databases.map((name) => [name, sealing.seal(certificate, secrets.get(name) as SealedFor, newPassword())]),
  );
}

function sealValue({ workspace, environment, rest, input, out, sealing }: Task): number {
  const [, namespace, name] =
    /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(rest.length === 1 ? (rest[0] ?? '') : '') ?? [];
  if (namespace === undefined || name === undefined)
    throw new UsageError('Which Secret is it for? Name it as <namespace>/<name>.');
  const certificate = readCertificate(workspace, environment);
  const value = input().replace(/\r?\n$/, '');
  if (value === '') throw new GitopsError('Standard input is empty: there is nothing to seal.');
  out(sealing.seal(certificate, { namespace, name }, value));
  return 0;
}

async function verify(task: Task): Promise<number> {
  const { environment, out, sealing } = task;
  const [file, ...more] = task.rest;
  if (file === undefined || more.length > 0) throw new UsageError('Which file holds the keys? Name one.');
  const keys = readKeys(file);
  const { children } = await renderTree({ ...(await renderTools(task)), environment });
  const sealed = children.flatMap(({ objects = [] }) => objects).filter(isSealed);
  if (sealed.length === 0) throw new GitopsError(`Nothing is sealed for ${environment}.`);
  let closed = 0;
  for (const object of sealed) {
    const name = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    try {
      out(`✓ ${name}: ${[...sealing.open(keys, object).keys()].sort().join(', ')}`);
    } catch (error) {
      closed += 1;
      out(`✗ ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return closed === 0 ? 0 : 1;
}

/** Returns the Secrets of the databases of the environment, by database. */
async function secretsOfDatabases(task: Task): Promise<ReadonlyMap<string, SealedFor>> {
  const tools = await renderTools(task);
  const root = await renderRoot({ ...tools, environment: task.environment });
  const postgres = root.filter(isApplication).find(({ metadata }) => metadata.name === POSTGRES);
  return databaseSecrets((postgres && (await renderApplication(postgres, tools))) ?? []);
}
