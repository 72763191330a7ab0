import type { Command } from './command.ts';

/** `contracts compat`: whether data of one schema can be read with another, pair by pair. */
export const compatCommand: Command = {
  summary: 'says of pairs of Avro schemas whether data of one can be read with the other',
  help: `Reads pairs of Avro schemas from standard input, one JSON object {"id", "writer", "reader"} a line, and writes for each, in
order, whether data of the writer can be read with the reader: in Java (every incompatibility, by type and JSON pointer into the
reader) and at run time in Node. A line that is no such pair gets {"id", "error"}, a blank one nothing.

Usage: npx contracts compat < pairs.jsonl

Exit codes: 0 all lines were answered, whatever the verdicts; 1 the input or the output broke off; 2 wrong usage
`,
  options: {},
  async run({ output: { err } }) {
    const { runCompat } = await import('../compat/command.ts');
    return runCompat({ input: process.stdin, output: process.stdout, err });
  },
};
