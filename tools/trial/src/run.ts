/** `npm run trial -- run`: the steps in order, a line each while they run, and a verdict. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '@eda/platform';
import { parse } from 'yaml';
import { SIMULATOR } from './apps.ts';
import { Cluster } from './cluster.ts';
import { TrialError } from './errors.ts';
import type { TrialCommand } from './options.ts';
import { STEPS, type StepResult } from './steps.ts';

/** Runs the steps that are asked for and returns the exit code: 0 when all went as it must. */
export async function runTrial(command: Extract<TrialCommand, { name: 'run' }>): Promise<number> {
  const { steps, rate, json, ...options } = command;
  const cluster = new Cluster(options);
  await cluster.check();
  const context = {
    cluster,
    rate,
    image: imageOf(command),
    note: (text: string) => void process.stdout.write(`    ${text}\n`),
  };
  const results: Record<string, StepResult> = {};
  for (const step of STEPS.filter(({ name }) => steps.includes(name))) {
    process.stdout.write(`${step.name}: ${step.title}\n`);
    const result = await step.run(context).catch((error: unknown) => {
      if (!(error instanceof TrialError)) throw error;
      return { seen: 'not ended', problems: [error.message] };
    });
    results[step.name] = result;
    process.stdout.write(`  ${result.problems.length === 0 ? '✓' : '✗'} ${result.seen}\n`);
    for (const problem of result.problems)
      process.stdout.write(`    ${problem.replaceAll('\n', '\n    ')}\n`);
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ rate, results }, null, 2)}\n`);
  return Object.values(results).every(({ problems }) => problems.length === 0) ? 0 : 1;
}

function imageOf({ images, tag }: Extract<TrialCommand, { name: 'run' }>): string {
  const chart = readFileSync(join(WORKSPACE, 'charts', SIMULATOR, 'values.yaml'), 'utf8');
  const library = readFileSync(join(WORKSPACE, 'charts/service/values.yaml'), 'utf8');
  const { image } = parse(chart) as { image: { repository: string } };
  const shared = parse(library) as { exports: { defaults: { image: { tag: string } } } };
  return `${images === undefined ? image.repository : `${images}/${SIMULATOR}`}:${tag ?? shared.exports.defaults.image.tag}`;
}
