/** The apps as one thing: started together, ready when all answer, stopped in the order in which events flow. */
import { join } from 'node:path';
import { APPS, appEnvironment, type AppSpec, type PlatformAddresses, type Ports } from './apps.ts';
import { AppProcess, type AppProcessOptions } from './app-process.ts';

export interface RunningAppsOptions {
  readonly platform: PlatformAddresses;
  readonly ports: Ports;
  readonly logFolder: string;
  /** Movements per second of the simulation; 0 for none. */
  readonly simulationRate: number;
  /** Variables that every app gets besides its own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly restart: boolean;
  onDeath?: AppProcessOptions['onDeath'];
}

/** On one machine a missed heartbeat means a dead process: its partitions move on after 6 s, not after 30 s. */
const LOCAL = { CONSUMER_SESSION_TIMEOUT_MS: '6000' };

const READY_WITHIN_MS = 120_000;

export class RunningApps {
  readonly #processes = new Map<string, AppProcess>();
  readonly #options: RunningAppsOptions;

  private constructor(options: RunningAppsOptions) {
    this.#options = options;
  }

  /** Starts every app; resolves when all processes run, not yet when they answer. */
  static async start(options: RunningAppsOptions): Promise<RunningApps> {
    const apps = new RunningApps(options);
    await Promise.all(APPS.map((app) => apps.#start(app)));
    return apps;
  }

  async #start(app: AppSpec): Promise<void> {
    const { platform, ports, env = {} } = this.#options;
    await this.#launch({
      name: app.name,
      port: ports[app.name],
      env: { ...(await appEnvironment(app, platform, ports)), ...LOCAL, ...env },
      readyUrl: `http://127.0.0.1:${ports[app.name]}/readyz`,
    });
  }

  async #launch(what: Pick<AppProcessOptions, 'name' | 'args' | 'env' | 'port' | 'readyUrl'>): Promise<void> {
    const { logFolder, restart, onDeath } = this.#options;
    const app = new AppProcess({
      ...what,
      logFile: join(logFolder, `${what.name}.log`),
      restart,
      ...(onDeath ? { onDeath } : {}),
    });
    this.#processes.set(what.name, app);
    await app.start();
  }

  /** Resolves when every app is ready; rejects with the first that is not. */
  async ready(signal?: AbortSignal): Promise<void> {
    await Promise.all([...this.#processes.values()].map((app) => app.ready(READY_WITHIN_MS, signal)));
  }

  /** Lets the simulator send movements to the store, until the system stops. */
  async startSimulation(): Promise<void> {
    const { ports, simulationRate } = this.#options;
    if (simulationRate === 0) return;
    await this.#launch({
      name: 'store-simulator',
      args: ['random', '--rate', String(simulationRate), '--store-url', `http://127.0.0.1:${ports.store}`],
      env: {},
    });
  }

  process(name: string): AppProcess {
    const app = this.#processes.get(name);
    if (app === undefined) throw new Error(`there is no app ${name}`);
    return app;
  }

  /** Stops the sources of events first and the page last, so that what was accepted is still handled. */
  async stop(): Promise<void> {
    for (const name of ['store-simulator', ...APPS.map((app) => app.name)]) {
      await this.#processes.get(name)?.stop();
    }
  }

  kill(): void {
    for (const app of this.#processes.values()) app.kill();
  }
}
