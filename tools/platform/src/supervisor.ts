/** Runs the parts: starts each, waits until it answers, notices when it ends by itself, and ends all of them in order. */
import { PlatformError } from './errors.ts';
import type { Part } from './part.ts';
import type { OwnedProcess, PartName } from './state.ts';
import { pause } from './wait.ts';

/** What uses another part goes before it. */
const STOP_ORDER: readonly PartName[] = ['registry', 'Kafka', 'PostgreSQL'];

const START_DEADLINE_MS = 120_000;
const ASK_EVERY_MS = 50;

/** How a part is started, and how one knows that it answers. */
export interface PartRecipe {
  readonly start: () => Promise<Part>;
  readonly answers: () => Promise<boolean>;
}

export interface Crash {
  readonly name: PartName;
  /** What happened and the end of its log. */
  readonly message: string;
  /** Whether somebody else than us asked it to end. */
  readonly asked: boolean;
}

export interface Supervisor {
  /** Starts a part and resolves when it answers; throws with its last words when it ends or stays silent. */
  run(name: PartName, recipe: PartRecipe, signal: AbortSignal): Promise<void>;
  /** Starts a part again in the way it was started before, ending it first if it still runs. */
  restart(name: PartName): Promise<void>;
  /** Ends a part at once, as a crash would; it is reported as one. */
  crash(name: PartName): void;
  /** From now on, a part that ends by itself is reported. */
  watch(): void;
  stopAll(): Promise<void>;
  killAll(): Promise<void>;
}

/** Returns a supervisor; `onChange` is told the living processes at once whenever they change, for the state file. */
export function createSupervisor(options: {
  onChange: (processes: OwnedProcess[]) => void;
  onCrash: (crash: Crash) => void;
}): Supervisor {
  const parts = new Map<PartName, Part>();
  const recipes = new Map<PartName, PartRecipe>();
  const expected = new Set<Part>();
  let watching = false;
  let stopping = false;

  const tell = () => options.onChange([...parts.values()].flatMap((part) => part.process ?? []));
  const stop = async (part: Part) => {
    expected.add(part);
    await part.stop();
    parts.delete(part.name);
    tell();
  };

  const run = async (name: PartName, recipe: PartRecipe, signal: AbortSignal) => {
    recipes.set(name, recipe);
    const part = await recipe.start();
    parts.set(name, part);
    tell();
    void part.ended.then(({ how, asked }) => {
      if (parts.get(name) === part) parts.delete(name);
      if (!watching || expected.has(part)) return;
      tell();
      options.onCrash({ name, message: `${name} ${how}; ${part.lastLines()}`, asked });
    });
    if (stopping) await stop(part);
    await untilAnswering(part, recipe, signal);
  };

  return {
    run,
    async restart(name) {
      const recipe = recipes.get(name);
      if (!recipe) throw new PlatformError(`${name} is not run by this platform and cannot be restarted.`);
      const part = parts.get(name);
      if (part) await stop(part);
      await run(name, recipe, new AbortController().signal);
    },
    crash(name) {
      const part = parts.get(name);
      if (!part) throw new PlatformError(`${name} is not run by this platform and cannot be ended.`);
      part.kill();
    },
    watch() {
      watching = true;
    },
    async stopAll() {
      stopping = true;
      for (const name of STOP_ORDER) {
        const part = parts.get(name);
        if (part) await stop(part);
      }
    },
    async killAll() {
      stopping = true;
      const living = [...parts.values()];
      for (const part of living) {
        expected.add(part);
        part.kill();
      }
      await Promise.all(living.map((part) => part.ended));
    },
  };
}

/** Resolves when the part answers; throws with its last words when it ends first, or stays silent for two minutes. */
export async function untilAnswering(
  part: Part<string>,
  { answers }: Pick<PartRecipe, 'answers'>,
  signal: AbortSignal,
): Promise<void> {
  const gaveUp = new AbortController();
  const timer = setTimeout(() => {
    gaveUp.abort(
      new PlatformError(
        `${part.name} does not answer after ${START_DEADLINE_MS / 1000} s; ${part.lastLines()}`,
      ),
    );
  }, START_DEADLINE_MS);
  void part.ended.then(({ how }) =>
    gaveUp.abort(new PlatformError(`${part.name} ${how} while it started; ${part.lastLines()}`)),
  );
  const either = AbortSignal.any([signal, gaveUp.signal]);
  try {
    while (!(await answers().catch(() => false))) await pause(ASK_EVERY_MS, either);
    either.throwIfAborted();
  } finally {
    clearTimeout(timer);
  }
}
