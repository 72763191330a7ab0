/** What the trial does with the cluster and asks of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { WORKSPACE } from '@eda/platform';
import { SIMULATOR } from './apps.ts';
import { helm, kubectl, run } from './commands.ts';
import { TrialError } from './errors.ts';

export interface ClusterOptions {
  readonly namespace: string;
  /** Address of the images without the name of the app; absent: that of the charts. */
  readonly images?: string;
  /** Tag of the images; absent: that of the charts. */
  readonly tag?: string;
  /** The Secrets `<app>-kafka` are given: no operator makes them. */
  readonly givenSecrets: boolean;
}

export interface PodState {
  readonly name: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** Why its container waits or has ended, now or the last time: `OOMKilled`, for example. */
  readonly reasons: readonly string[];
}

/** The releases of the apps in one namespace. */
export class Cluster {
  readonly #options: ClusterOptions;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  get namespace(): string {
    return this.#options.namespace;
  }

  /** Installs or upgrades the chart of `app`, with values besides; resolves before its pods are ready. */
  async install(app: string, values: Readonly<Record<string, string>> = {}): Promise<void> {
    const { images, tag, givenSecrets } = this.#options;
    const chart = join(WORKSPACE, 'charts', app);
    await helm(['dependency', 'build', chart]);
    const set = {
      ...(images === undefined ? {} : { 'image.repository': `${images}/${app}` }),
      ...(tag === undefined ? {} : { 'image.tag': tag }),
      ...(givenSecrets && app !== SIMULATOR ? { 'kafka.existingSecret': `${app}-kafka` } : {}),
      ...values,
    };
    const flags = Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    await helm(['upgrade', '--install', app, chart, '--namespace', this.namespace, ...flags]);
  }

  /** Goes back to the values before. */
  async rollBack(app: string): Promise<void> {
    await helm(['rollback', app, '--namespace', this.namespace]);
  }

  /** Resolves when all pods are those of the newest version and ready. Throws `TrialError` when that takes too long. */
  async settled(app: string, timeoutSeconds = 180): Promise<void> {
    await this.#kubectl('rollout', 'status', `deployment/${app}`, `--timeout=${timeoutSeconds}s`);
  }

  async restart(app: string): Promise<void> {
    await this.#kubectl('rollout', 'restart', `deployment/${app}`);
  }

  /** How many pods the Deployment is to have. */
  async replicas(app: string): Promise<number> {
    return Number(await this.#kubectl('get', `deployment/${app}`, '-o', 'jsonpath={.spec.replicas}'));
  }

  /** The image that the Deployment runs. */
  async image(app: string): Promise<string> {
    return this.#kubectl(
      'get',
      `deployment/${app}`,
      '-o',
      'jsonpath={.spec.template.spec.containers[0].image}',
    );
  }

  async scale(app: string, replicas: number): Promise<void> {
    await this.#kubectl('scale', `deployment/${app}`, `--replicas=${replicas}`);
  }

  /**
   * Lets the process of a pod die in the middle of what it does, as by a crash. Nobody else can do that: process 1 of a container takes
   * no SIGKILL from inside, and a forced deletion still sends SIGTERM first. So its debugger is told to exit.
   */
  async crash(pod: string): Promise<void> {
    // It may end before or after the process that told it to: what it says of itself means nothing.
    await run('kubectl', ['-n', this.namespace, 'exec', pod, '--', 'node', '-e', CRASH]);
  }

  async pods(app: string): Promise<PodState[]> {
    const text = await this.#kubectl('get', 'pods', '-l', `app.kubernetes.io/name=${app}`, '-o', 'json');
    const { items } = JSON.parse(text) as { items: readonly PodObject[] };
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata, status }) => {
        const containers = status.containerStatuses ?? [];
        return {
          name: metadata.name,
          ready: containers.length > 0 && containers.every(({ ready }) => ready),
          restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
          reasons: containers.flatMap(({ state, lastState }) =>
            [state?.waiting, state?.terminated, lastState?.terminated].flatMap((part) => part?.reason ?? []),
          ),
        };
      });
  }

  /** Returns what a Node program says in a pod of `app`. */
  async evaluate(pod: string, program: string): Promise<string> {
    return (await this.#kubectl('exec', pod, '--', 'node', '-e', program)).trim();
  }

  async apply(object: object): Promise<void> {
    await kubectl(['apply', '-n', this.namespace, '-f', '-'], JSON.stringify(object));
  }

  async remove(kind: string, name: string): Promise<void> {
    await this.#kubectl('delete', kind, name, '--ignore-not-found', '--wait=true');
  }

  async label(): Promise<string> {
    const path = '{.metadata.labels.pod-security\\.kubernetes\\.io/enforce}';
    return kubectl(['get', 'namespace', this.namespace, '-o', `jsonpath=${path}`]);
  }

  /** Resolves with the logs and the success of a pod that ends by itself. */
  async ended(pod: string, timeoutSeconds: number): Promise<{ succeeded: boolean; logs: string }> {
    const until = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      const phase = await this.#kubectl('get', 'pod', pod, '-o', 'jsonpath={.status.phase}');
      if (phase === 'Succeeded' || phase === 'Failed') {
        return { succeeded: phase === 'Succeeded', logs: await this.#kubectl('logs', pod) };
      }
      if (Date.now() > until) throw new TrialError(`pod ${pod} is still ${phase} after ${timeoutSeconds} s`);
      await sleep(1_000);
    }
  }

  /** Runs the tests of a release; resolves with their logs. */
  async test(app: string): Promise<{ succeeded: boolean; logs: string }> {
    const { code, stdout, stderr } = await run('helm', ['test', app, '-n', this.namespace, '--logs']);
    return { succeeded: code === 0, logs: stdout + stderr };
  }

  /** Throws `TrialError` unless there is a cluster with the namespace. */
  async check(): Promise<void> {
    const { code, stderr } = await run('kubectl', ['get', 'namespace', this.namespace, '-o', 'name']);
    if (code !== 0)
      throw new TrialError(
        `Namespace ${this.namespace} cannot be reached: ${stderr.trim()}\nIs KUBECONFIG set, and has the namespace been made? See docs/how-to/try-the-charts.md`,
      );
  }

  async #kubectl(...args: string[]): Promise<string> {
    return kubectl(['-n', this.namespace, ...args]);
  }
}

const CRASH = `
process.kill(1, 'SIGUSR1');
const attempt = async () => {
  const [target] = await (await fetch('http://127.0.0.1:9229/json')).json();
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'setTimeout(() => process.reallyExit(137), 100)' } }));
  // A process waits at its end for debuggers to leave.
  socket.onmessage = () => socket.close();
};
const timer = setInterval(() => attempt().then(() => clearInterval(timer), () => undefined), 50);
setTimeout(() => process.exit(0), 5000);
`;

interface ContainerStatus {
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: { readonly waiting?: { reason?: string }; readonly terminated?: { reason?: string } };
  readonly lastState?: { readonly terminated?: { reason?: string } };
}

interface PodObject {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status: { readonly containerStatuses?: readonly ContainerStatus[] };
}

/** Polls until `look` returns something. Throws `TrialError` with `description` when that takes too long. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  description: string,
  timeoutSeconds = 120,
): Promise<T> {
  const end = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new TrialError(`not within ${timeoutSeconds} s: ${description}`);
    await sleep(500);
  }
}
