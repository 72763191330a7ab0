/** The steps in order, with a verdict each. */
import { ChartError } from '@eda/charts';
import { TrialError } from '@eda/trial';
import { writeFileSync } from 'node:fs';
import { ClusterError } from './errors.ts';
import { keepSecrets, readSecrets } from './given-secrets.ts';
import type { Options } from './options.ts';
import { Repository } from './repository.ts';
import { STEPS } from './steps/index.ts';
import type { StepResult } from './steps/step.ts';

/** Runs the steps that are asked for and returns the exit code: 0 when all went as it must. */
export async function run(workspace: string, options: Options, out: (line: string) => void): Promise<number> {
  const secrets = options.secrets === undefined ? [] : readSecrets(options.secrets);
  using repository = await Repository.clone(workspace, options);
  const ended = new AbortController();
  const keeping = keepSecrets(secrets, { note: (line) => out(`    ${line}`), signal: ended.signal });
  try {
    const [done] = await Promise.all([
      tryAll(repository, options, out).finally(() => ended.abort()),
      keeping,
    ]);
    return done;
  } finally {
    ended.abort();
  }
}

async function tryAll(
  repository: Repository,
  options: Options,
  out: (line: string) => void,
): Promise<number> {
  const results: Record<string, StepResult & { readonly seconds: number }> = {};
  for (const { name, title, run: runStep } of STEPS.filter((step) => options.steps.includes(step.name))) {
    out(`${name}: ${title}`);
    const began = performance.now();
    const context = { ...options, repository, note: (line: string) => out(`    ${line}`) };
    const result = await runStep(context).catch((error: unknown) => {
      if (!(error instanceof ClusterError || error instanceof ChartError || error instanceof TrialError))
        throw error;
      return { seen: 'not ended', problems: [error.message] };
    });
    results[name] = { ...result, seconds: Math.round((performance.now() - began) / 1000) };
    out(`  ${result.problems.length === 0 ? '✓' : '✗'} ${result.seen}`);
    for (const problem of result.problems) out(`    ${problem.replaceAll('\n', '\n    ')}`);
    // What comes next needs a cluster as this one should have been.
    if (result.problems.length > 0 && name === 'bootstrap') break;
  }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  return Object.values(results).every(({ problems }) => problems.length === 0) ? 0 : 1;
}
