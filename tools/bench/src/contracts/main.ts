/** `npm run bench:contracts`: what the contract compiler takes for this repository and for a generated, large one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WORKSPACE } from '@eda/platform';
import { machine } from '../machine.ts';
import { UsageError, whole } from '../options.ts';
import { toMarkdown } from '../report.ts';
import { contractsTable } from './contracts-table.ts';
import { writeRepository } from './generated-repository.ts';
import { measureCommand } from './measure-command.ts';
import { measureRepository, type Subject } from './measure-repository.ts';

const USAGE = `Measures npx contracts lint, check and generate --check on this repository and on a generated one.

npm run bench:contracts -- [options]

  --events N         schemas of events in the generated repository; 1000 when absent
  --apps N           its apps; 50 when absent
  --versions N       released versions of each event; 5 when absent
  --seed N           another repository of the same size; 1 when absent
  --rounds N         how often each command is run; 3 when absent, the median counts
  --keep FOLDER      writes the generated repository there, and leaves it
  --profile FOLDER   writes a CPU profile of each command there
  --help             this text
`;

function main(): number {
  const { values } = parse(process.argv.slice(2));
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const size = {
    events: whole('events', values.events, 1000, 10, 20_000),
    apps: whole('apps', values.apps, 50, 2, 1000),
    versions: whole('versions', values.versions, 5, 1, 100),
  };
  const seed = whole('seed', values.seed, 1, 0, 2 ** 32 - 1);
  const rounds = whole('rounds', values.rounds, 3, 1, 100);
  const root =
    values.keep === undefined ? mkdtempSync(join(tmpdir(), 'bench-contracts-')) : resolve(values.keep);
  try {
    const planted = writeRepository(root, size, seed, {
      workspace: WORKSPACE,
      contracts: (command) => {
        const { code, out, err } = measureCommand([command, '--root', root]);
        if (code !== 0) throw new Error(`contracts ${command} ended with ${code}\n${out}${err}`);
      },
      git: (...args) => {
        const { status, stderr } = spawnSync('git', ['-C', root, ...IDENTITY, ...args], { encoding: 'utf8' });
        if (status !== 0) throw new Error(`git ${args.join(' ')} ended with ${status}\n${stderr}`);
      },
      say,
    });
    const flags =
      values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(values.profile)}`];
    const subjects: readonly Subject[] = [
      { name: 'this repository', root: WORKSPACE, against: 'HEAD', planted: [] },
      { name: 'generated', root, against: 'main', planted },
    ];
    const rows = measureRepository(subjects, rounds, flags, say);
    const { cores, processor, memoryGiB, node } = machine();
    process.stdout.write(
      `\n${size.events} events, ${size.apps} apps, ${size.versions} versions; ${cores} cores (${processor}), ${memoryGiB} GiB, Node ${node.slice(1)}, ${rounds} rounds\n\n` +
        `${toMarkdown(contractsTable(rows))}\n`,
    );
    return 0;
  } finally {
    if (values.keep === undefined) rmSync(root, { recursive: true, force: true });
  }
}

const IDENTITY = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        events: { type: 'string' },
        apps: { type: 'string' },
        versions: { type: 'string' },
        seed: { type: 'string' },
        rounds: { type: 'string' },
        keep: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  process.exitCode = main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  say(isUsage ? `${error.message}\n\n${USAGE}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : 1;
}
