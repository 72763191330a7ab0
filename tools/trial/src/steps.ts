/** What is tried, one after the other. Each step leaves the apps as it found them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, SIMULATOR } from './apps.ts';
import { type Cluster, until } from './cluster.ts';
import { judgeGolden, judgeLoad, type Judgement, type LoadVerdict, startLoad } from './load.ts';

export interface StepContext {
  readonly cluster: Cluster;
  /** Image of the simulator. */
  readonly image: string;
  /** Movements per second of the load. */
  readonly rate: number;
  readonly note: (text: string) => void;
}

/** What a step saw. */
export type StepResult = Judgement;

export interface Step {
  readonly name: string;
  readonly title: string;
  run(context: StepContext): Promise<StepResult>;
}

/** Longer than the slowest of what happens meanwhile. */
const LOAD_SECONDS = { roll: 110, crash: 60, outage: 60 } as const;

const LOAD_POD = 'trial-load';

/** A pod with little memory must end here; that of the charts is enough. */
const TOO_LITTLE_MEMORY = '24Mi';

const install: Step = {
  name: 'install',
  title: 'the charts are installed and every pod becomes ready',
  async run({ cluster, note }) {
    const began = Date.now();
    for (const app of [...SERVICES, SIMULATOR]) await cluster.install(app);
    for (const app of [...SERVICES, SIMULATOR]) {
      await cluster.settled(app);
      note(`${app} is ready`);
    }
    return { seen: `${SERVICES.length + 1} releases ready after ${secondsSince(began)}`, problems: [] };
  },
};

const INSIDE = `
const fs = require('fs');
const writes = ['/', '/app', '/tmp', '/var/run/secrets/kafka'].filter((folder) => {
  try { fs.writeFileSync(folder + '/x', ''); return true; } catch (error) { return !['EROFS', 'ENOENT', 'EACCES'].includes(error.code); }
});
const status = fs.readFileSync('/proc/1/status', 'utf8');
const field = (name) => new RegExp(name + ':\\\\s*(\\\\S+)').exec(status)?.[1];
console.log(JSON.stringify({ writes, uid: process.getuid(), capabilities: field('CapEff'), seccomp: field('Seccomp'), noNewPrivileges: field('NoNewPrivs'),
  token: fs.existsSync('/var/run/secrets/kubernetes.io/serviceaccount/token') }));
`;

const lockedDown: Step = {
  name: 'locked-down',
  title: 'the namespace enforces the restricted standard, and the processes can do no more than they need',
  async run({ cluster }) {
    const problems: string[] = [];
    const label = await cluster.label();
    if (label !== 'restricted')
      problems.push(
        `namespace ${cluster.namespace} enforces "${label}", not restricted: label it pod-security.kubernetes.io/enforce=restricted`,
      );
    const expected = {
      writes: [],
      uid: 10001,
      capabilities: '0000000000000000',
      seccomp: '2',
      noNewPrivileges: '1',
      token: false,
    };
    for (const app of SERVICES) {
      const [pod] = await cluster.pods(app);
      if (pod === undefined) continue;
      const inside = await cluster.evaluate(pod.name, INSIDE);
      if (inside !== JSON.stringify(expected))
        problems.push(`${pod.name}: ${inside}, expected ${JSON.stringify(expected)}`);
    }
    return {
      seen: 'uid 10001, no capabilities, seccomp, no new privileges, nothing writable, no token',
      problems,
    };
  },
};

const golden: Step = {
  name: 'golden',
  title: 'helm test sends the golden scenario through the Services',
  async run({ cluster }) {
    return judgeGolden(await cluster.test(SIMULATOR));
  },
};

const roll: Step = {
  name: 'roll',
  title: 'each Deployment is rolled under load: no request lost, no event lost or doubled',
  async run(context) {
    const { cluster, note } = context;
    const times: string[] = [];
    const verdict = await underLoad(context, LOAD_SECONDS.roll, async () => {
      for (const app of SERVICES) {
        const began = Date.now();
        await cluster.restart(app);
        await cluster.settled(app);
        times.push(`${app} ${secondsSince(began)}`);
        note(`${app} rolled in ${secondsSince(began)}`);
      }
    });
    return judge(verdict, { mayLoseRequests: false, seen: times.join(', ') });
  },
};

const crash: Step = {
  name: 'crash',
  title: 'the process of a pod of each Deployment dies under load: no event lost or doubled',
  async run(context) {
    const { cluster, note } = context;
    const verdict = await underLoad(context, LOAD_SECONDS.crash, async () => {
      for (const app of SERVICES) {
        const [pod] = await cluster.pods(app);
        if (pod === undefined) continue;
        await cluster.crash(pod.name);
        await until(async () => {
          const now = (await cluster.pods(app)).find(({ name }) => name === pod.name);
          return now?.ready === true && now.restarts > pod.restarts ? now : undefined;
        }, `${pod.name} is started again and ready`);
        note(`${pod.name} died, was started again and is ready`);
      }
    });
    return judge(verdict, { mayLoseRequests: true, seen: '' });
  },
};

const memory: Step = {
  name: 'memory',
  title: 'a version that exceeds its memory is killed, and does not take the service with it',
  async run(context) {
    const { cluster, note } = context;
    const verdict = await underLoad(context, LOAD_SECONDS.outage, async () => {
      const before = new Set((await cluster.pods('store')).map(({ name }) => name));
      await cluster.install('store', {
        'resources.limits.memory': TOO_LITTLE_MEMORY,
        'resources.requests.memory': TOO_LITTLE_MEMORY,
      });
      try {
        const killed = await until(async () => {
          const pods = await cluster.pods('store');
          return pods.find(({ name, reasons }) => !before.has(name) && reasons.includes('OOMKilled'))?.name;
        }, `a pod of the store with ${TOO_LITTLE_MEMORY} is OOMKilled`);
        note(`${killed} was OOMKilled`);
      } finally {
        await cluster.rollBack('store');
      }
      await cluster.settled('store');
    });
    return judge(verdict, { mayLoseRequests: false, seen: `OOMKilled with ${TOO_LITTLE_MEMORY}` });
  },
};

const BROKEN_SECRET = 'trial-broken-kafka';

const readiness: Step = {
  name: 'readiness',
  title: 'a version that cannot reach Kafka is never ready, is not restarted, and gets no requests',
  async run(context) {
    const { cluster, note } = context;
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: BROKEN_SECRET },
      stringData: { 'bootstrap.servers': 'nowhere.invalid:9094', 'security.protocol': 'PLAINTEXT' },
    });
    const problems: string[] = [];
    const load = await underLoad(context, LOAD_SECONDS.outage, async () => {
      const before = new Set((await cluster.pods('inventory')).map(({ name }) => name));
      try {
        await cluster.install('inventory', { 'kafka.existingSecret': BROKEN_SECRET });
        const fresh = async () => (await cluster.pods('inventory')).filter(({ name }) => !before.has(name));
        const pod = await until(async () => (await fresh()).at(0), 'a new pod of inventory');
        await sleep(30_000);
        const [now] = await fresh();
        if (now?.ready !== false) problems.push(`${pod.name} is ready without Kafka`);
        if (now !== undefined && now.restarts > 0)
          problems.push(`${pod.name} was restarted: an outage of Kafka is no failure of liveness`);
        note(`${pod.name} is not ready, not restarted`);
      } finally {
        await cluster.rollBack('inventory');
        await cluster.settled('inventory');
        await cluster.remove('secret', BROKEN_SECRET);
      }
    });
    const verdict = judge(load, { mayLoseRequests: false, seen: 'not ready, not restarted' });
    return { ...verdict, problems: [...problems, ...verdict.problems] };
  },
};

/** All steps in their order. */
export const STEPS: readonly Step[] = [install, lockedDown, golden, roll, crash, memory, readiness];

/** Does something while the load goes on; the simulator of the chart, which would only blur the figures, rests meanwhile. */
async function underLoad(
  { cluster, image, rate }: StepContext,
  seconds: number,
  work: () => Promise<void>,
): Promise<LoadVerdict> {
  const simulators = await cluster.replicas(SIMULATOR);
  await cluster.scale(SIMULATOR, 0);
  try {
    const load = await startLoad(cluster, { name: LOAD_POD, image, rate, seconds });
    await work();
    return await load.finished();
  } finally {
    await cluster.remove('pod', LOAD_POD);
    await cluster.scale(SIMULATOR, simulators);
  }
}

function judge(
  load: LoadVerdict,
  { mayLoseRequests, seen }: { mayLoseRequests: boolean; seen: string },
): StepResult {
  const verdict = judgeLoad(load, { mayLoseRequests });
  return { ...verdict, seen: [verdict.seen, seen].filter((part) => part !== '').join('; ') };
}

function secondsSince(began: number): string {
  return `${Math.round((Date.now() - began) / 1000)} s`;
}
