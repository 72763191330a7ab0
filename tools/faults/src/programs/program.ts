/** What the programs under test have in common: their settings, what they hear from the runner, what they tell it, and their end. */
import { createInterface } from 'node:readline';

/** The settings: one argument, as JSON. */
export function settingsText(): string {
  return process.argv[2] ?? '{}';
}

/** Tells the runner something, as a line on standard output. */
export function tell(message: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Calls `onCommand` with each line of the runner. When the runner is gone, the program ends at once. */
export function listen(onCommand: (words: readonly string[]) => void): void {
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const [command, value, ...more] = line.split(' ');
      if (command === 'clock') stepClock(Number(value));
      else onCommand([command ?? '', value ?? '', ...more]);
    })
    .on('close', () => process.exit(3));
}

/** Moves the clock of this program by `ms`, as an administrator or a wrong time server does. */
function stepClock(ms: number): void {
  const before = Date.now;
  Date.now = () => before() + ms;
}
