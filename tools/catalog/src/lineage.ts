import type { ContractsDescription } from '@eda/contracts-cli/describe';

/** What an app makes of what it reads: each of `outputs` may follow from each of `inputs`. */
export interface LineageStep {
  readonly app: string;
  /** Topics. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Returns the apps that write events, each with what it reads for it. Those who look on and repairs are left out. */
export function lineageOf({ topology }: ContractsDescription): LineageStep[] {
  return topology.apps.flatMap(({ name, operations }) => {
    const topicsOf = (wanted: string) =>
      operations.filter(({ purpose }) => purpose === wanted).map(({ topic }) => topic);
    const step = { app: name, inputs: topicsOf('consume'), outputs: topicsOf('publish') };
    return step.outputs.length > 0 || step.inputs.length > 0 ? [step] : [];
  });
}

/** Returns the topics from which events may lead to `topic`, and those to which its events may lead, nearest first. */
export function pathsOf(topic: string, steps: readonly LineageStep[]): { before: string[]; after: string[] } {
  return {
    before: reach(topic, (from) =>
      steps.filter(({ outputs }) => outputs.includes(from)).flatMap(({ inputs }) => inputs),
    ),
    after: reach(topic, (from) =>
      steps.filter(({ inputs }) => inputs.includes(from)).flatMap(({ outputs }) => outputs),
    ),
  };
}

function reach(start: string, next: (topic: string) => readonly string[]): string[] {
  const found = new Set<string>([start]);
  for (const topic of found) for (const other of next(topic)) found.add(other);
  return [...found].slice(1);
}
