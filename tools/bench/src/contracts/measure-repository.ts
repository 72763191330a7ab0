/** The three commands that a pull request waits for, on several repositories, round by round. */
import { median } from '../statistics.ts';
import { measureCommand, type CommandRun } from './measure-command.ts';
import type { PlantedBreak } from './planted-breaks.ts';
import { judgeVerdict } from './judge-verdict.ts';

/** A repository to be measured. */
export interface Subject {
  readonly name: string;
  readonly root: string;
  /** What `check` compares it with. */
  readonly against: string;
  /** What `check` has to find, and nothing else. */
  readonly planted: readonly PlantedBreak[];
}

/** Medians of the rounds. */
export interface CommandRow {
  readonly subject: string;
  readonly command: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
}

const COMMANDS = ['lint', 'check', 'generate --check'] as const;

/** Runs each command on each of `subjects`, `rounds` times in turn. Throws when a command does not say what it should. */
export function measureRepository(
  subjects: readonly Subject[],
  rounds: number,
  nodeFlags: readonly string[],
  say: (text: string) => void,
): CommandRow[] {
  const runs = new Map<string, CommandRun[]>();
  for (let round = 1; round <= rounds; round += 1)
    for (const subject of subjects)
      for (const command of COMMANDS) {
        say(`round ${round} of ${rounds}: ${command}, ${subject.name}`);
        const run = measureCommand(argsOf(command, subject), nodeFlags);
        judgeVerdict(command, run, subject);
        const key = keyOf(command, subject);
        runs.set(key, [...(runs.get(key) ?? []), run]);
      }
  return subjects.flatMap((subject) =>
    COMMANDS.map((command) => {
      const all = runs.get(keyOf(command, subject)) ?? [];
      const middle = (figure: (run: CommandRun) => number) => median(all.map(figure));
      return {
        subject: subject.name,
        command,
        wallSeconds: middle(({ wallSeconds }) => wallSeconds),
        cpuSeconds: middle(({ cpuSeconds }) => cpuSeconds),
        peakRssBytes: middle(({ peakRssBytes }) => peakRssBytes),
      };
    }),
  );
}

function argsOf(command: (typeof COMMANDS)[number], { root, against }: Subject): string[] {
  const more = command === 'check' ? ['--against', against, '--format', 'json'] : [];
  return [...command.split(' '), ...more, '--root', root];
}

function keyOf(command: string, { name }: Subject): string {
  return `${name} ${command}`;
}
