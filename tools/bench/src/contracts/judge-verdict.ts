/** A command that is fast because it looks at nothing has no figure. */
import type { CommandRun } from './measure-command.ts';
import type { Subject } from './measure-repository.ts';

interface Checked {
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly file: string }[];
}

/** Throws, with what the command said, unless it found all that was planted in `subject` and nothing else. */
export function judgeVerdict(
  command: string,
  { code, out, err }: Pick<CommandRun, 'code' | 'out' | 'err'>,
  { name, planted }: Pick<Subject, 'name' | 'planted'>,
): void {
  const fail = (what: string) => {
    throw new Error(`contracts ${command} on ${name} ${what}\n${err}${out.slice(0, 2000)}`);
  };
  const expected = command === 'check' && planted.length > 0 ? 1 : 0;
  if (code !== expected) fail(`ended with ${code}, expected ${expected}`);
  if (command !== 'check') return;
  const errors = (JSON.parse(out) as Checked).findings.filter(({ severity }) => severity === 'error');
  // What a consumer says it reads has the name of the event, too.
  const isOf = ({ file }: { readonly file: string }, event: string) =>
    new RegExp(`/${event}\\.(avsc|meta\\.yaml)$`).test(file);
  const missed = planted.filter(
    (one) => !errors.some((error) => error.code === one.code && isOf(error, one.event)),
  );
  if (missed.length > 0) fail(`missed ${missed.map((one) => `${one.code} of ${one.event}`).join(', ')}`);
  const strange = errors.filter((error) => !planted.some(({ event }) => isOf(error, event)));
  if (strange.length > 0)
    fail(`found ${strange.map((error) => `${error.code} in ${error.file}`).join(', ')}`);
}
