/** One node of a cluster: a process that ends and comes back with the same data and ports. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { codeOf } from './errors.ts';
import { BROKER_LISTENER, CLIENT_LISTENER, CONTROLLER_LISTENER } from './kafka-cluster-settings.ts';
import { livingBrokers } from './kafka-probe.ts';
import { type Part, startProcess } from './part.ts';
import { LOOPBACK } from './ports.ts';
import type { OwnedProcess } from './state.ts';
import { untilAnswering } from './supervisor.ts';

export interface KafkaNode {
  readonly id: number;
  readonly isBroker: boolean;
  /** `host:port` of the listener for clients itself, whatever is advertised; of a separate controller, its only one. */
  readonly address: string;
  /** `host:port` of the listener that brokers use among each other. */
  readonly internalAddress: string;
  /** Of its process, also after that has ended. */
  readonly pid: number;
  readonly running: boolean;
  /** Port by listener. */
  readonly ports: Readonly<Record<string, number>>;
  /** Sends its process a signal, for example `SIGSTOP`; nothing happens when it does not run. */
  signal(name: NodeJS.Signals): void;
  /** Ends it in order (SIGTERM), also when it was paused. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it with its data; resolves when it serves clients. */
  start(signal?: AbortSignal): Promise<void>;
}

export interface NodeRecipe {
  readonly id: number;
  readonly isBroker: boolean;
  readonly ports: Readonly<Record<string, number>>;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFolder: string;
  /** Told each process that it starts. */
  readonly onStart: (process: OwnedProcess<string>) => void;
}

/** Returns a node that does not run yet. */
export function createClusterNode(recipe: NodeRecipe): KafkaNode {
  const { id, isBroker, ports } = recipe;
  const portOf = (name: string) => ports[name] ?? ports[CONTROLLER_LISTENER] ?? 0;
  const internalAddress = `${LOOPBACK}:${portOf(BROKER_LISTENER)}`;
  let part: Part<string> | undefined;
  let running = false;
  let pid = 0;
  let starts = 0;

  const signal = (name: NodeJS.Signals) => {
    if (!running) return;
    try {
      process.kill(pid, name);
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error;
    }
  };
  const answers = async () =>
    isBroker
      ? (await livingBrokers(internalAddress)).includes(id)
      : await accepts(portOf(CONTROLLER_LISTENER));

  return {
    id,
    isBroker,
    address: `${LOOPBACK}:${portOf(CLIENT_LISTENER)}`,
    internalAddress,
    ports,
    get pid() {
      return pid;
    },
    get running() {
      return running;
    },
    signal,
    async stop() {
      // A paused process takes no notice of the wish to end.
      signal('SIGCONT');
      await part?.stop();
    },
    async kill() {
      part?.kill();
      await part?.ended;
    },
    async start(abort = new AbortController().signal) {
      if (running) return;
      starts += 1;
      const started = await startProcess({
        name: isBroker ? `Kafka broker ${id}` : `Kafka controller ${id}`,
        command: recipe.command,
        args: recipe.args,
        // The log of an earlier life may be what explains this one.
        logFile: join(recipe.logFolder, `node-${id}${starts === 1 ? '' : `.${starts}`}.log`),
        port: portOf(CLIENT_LISTENER),
      });
      part = started;
      if (started.process) recipe.onStart(started.process);
      pid = started.process?.pid ?? 0;
      running = true;
      void started.ended.then(() => {
        if (part === started) running = false;
      });
      await untilAnswering(started, { answers }, abort);
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(2_000, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
