/** All rounds of all scenarios, one at a time, and what came of them. */
import { GateFailed } from './gate.ts';
import { type Measurement, type Row, toRow } from './measurement.ts';
import type { Scenario } from './scenarios.ts';
import { rounded } from './statistics.ts';

export interface Progress {
  /** A line for people. */
  readonly say: (text: string) => void;
}

export interface Outcome {
  readonly rows: readonly Row[];
  /** Runs that failed, the gate's refusals included. */
  readonly failures: number;
}

interface Collected {
  readonly scenario: Scenario;
  readonly runs: Measurement[];
  readonly notes: string[];
}

/**
 * Runs each scenario once a round, so that a machine that gets slower is slower for all of them; every second round backwards.
 * A run that fails leaves a note and no figure; a scenario whose first run failed is not tried again.
 */
export async function measure(
  scenarios: readonly Scenario[],
  rounds: number,
  run: (scenario: Scenario, round: number) => Promise<Measurement>,
  { say }: Progress,
  signal: AbortSignal,
): Promise<Outcome> {
  const collected: Collected[] = scenarios.map((scenario) => ({ scenario, runs: [], notes: [] }));
  const total = scenarios.length * rounds;
  let done = 0;
  const clock = createClock(rounds * scenarios.reduce((sum, { estimate }) => sum + estimate, 0));
  let failures = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const order = round % 2 === 1 ? collected : collected.toReversed();
    for (const { scenario, runs, notes } of order) {
      signal.throwIfAborted();
      done += 1;
      const place = `[${done}/${total}] round ${round}/${rounds} ${scenario.id}`;
      if (notes.length > 0 && runs.length === 0) {
        clock.passed(scenario.estimate, 0);
        continue;
      }
      const startedAt = performance.now();
      try {
        const measurement = await run(scenario, round);
        runs.push(measurement);
        clock.passed(scenario.estimate, performance.now() - startedAt);
        const refused = Object.values(measurement.errors ?? {}).reduce((sum, times) => sum + times, 0);
        if (refused > 0)
          notes.push(
            `${refused} records were not acknowledged in round ${round} (${Object.keys(measurement.errors ?? {})[0] ?? ''})`,
          );
        say(
          `${place}: ${rounded(measurement.recordsPerSecond)} records/s in ${seconds(performance.now() - startedAt)}, about ${minutes(clock.left())} to go`,
        );
      } catch (error) {
        if (signal.aborted) throw error;
        failures += 1;
        clock.passed(scenario.estimate, performance.now() - startedAt);
        const text = error instanceof Error ? error.message : String(error);
        notes.push(
          `${error instanceof GateFailed ? 'the gate refused' : 'no figure for'} round ${round}: ${text.split('\n')[0] ?? ''}`,
        );
        say(`${place}: FAILED, ${text}`);
      }
    }
  }
  return { failures, rows: collected.map(({ scenario, runs, notes }) => toRow(scenario, runs, notes)) };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function minutes(secondsLeft: number): string {
  return secondsLeft < 90
    ? `${Math.max(0, Math.round(secondsLeft))} s`
    : `${Math.round(secondsLeft / 60)} min`;
}

/** Time to go: what is planned, as much longer as what is done took longer than planned. */
function createClock(planned: number) {
  let left = planned;
  let done = 0;
  let took = 0;
  return {
    passed(estimate: number, ms: number) {
      left -= estimate;
      if (ms === 0) return;
      done += estimate;
      took += ms / 1000;
    },
    left: () => left * (done === 0 ? 1 : took / done),
  };
}
