/** Pods of the simulator that call the Services from inside of the cluster, and what they say of the stock. */
import type { Cluster } from './cluster.ts';
import { SIMULATOR } from './apps.ts';

export interface LoadOptions {
  readonly name: string;
  readonly image: string;
  /** Movements per second. */
  readonly rate: number;
  readonly seconds: number;
}

/** How long the golden scenario may take, its pod's start included. */
const GOLDEN_SECONDS = 120;

export interface LoadVerdict {
  readonly accepted: number;
  readonly lostRequests: number;
  /** Whether each store has the stock that its accepted movements lead to: no event lost, none counted twice. */
  readonly stockRight: boolean;
  readonly logs: string;
}

/** What was seen, in one line; `problems` is empty when all was as it must be. */
export interface Judgement {
  readonly seen: string;
  readonly problems: readonly string[];
}

/** Plays the golden scenario once, in a pod that is gone afterwards. */
export async function playGolden(
  cluster: Cluster,
  { name, image }: Pick<LoadOptions, 'name' | 'image'>,
): Promise<Judgement> {
  await cluster.remove('pod', name);
  await cluster.apply(simulatorPod(name, image, ['golden']));
  try {
    return judgeGolden(await cluster.ended(name, GOLDEN_SECONDS));
  } finally {
    await cluster.remove('pod', name);
  }
}

/** Returns what the simulator says of the golden scenario. */
export function judgeGolden({ succeeded, logs }: { succeeded: boolean; logs: string }): Judgement {
  return { seen: /✓ right.*/.exec(logs)?.[0] ?? 'not right', problems: succeeded ? [] : [logs.trim()] };
}

/** A load that goes on. */
export interface Load {
  /** Resolves at its end. */
  finished(): Promise<LoadVerdict>;
  /** Ends it before its time. Throws `TrialError` when it has ended by itself. */
  stop(): Promise<LoadVerdict>;
}

/** Starts the load. */
export async function startLoad(cluster: Cluster, options: LoadOptions): Promise<Load> {
  const { name, image, rate, seconds } = options;
  await cluster.remove('pod', name);
  await cluster.apply(
    simulatorPod(name, image, ['load', '--rate', String(rate), '--count', String(rate * seconds)]),
  );
  const verdict = async (timeoutSeconds: number) =>
    readVerdict((await cluster.ended(name, timeoutSeconds)).logs);
  return {
    finished: () => verdict(seconds + 240),
    async stop() {
      await cluster.evaluate(name, "process.kill(1, 'SIGTERM')");
      return verdict(240);
    },
  };
}

/** Reads the verdict out of what the simulator says. */
export function readVerdict(logs: string): LoadVerdict {
  const counts = /: (\d+) movements accepted in .*?, (\d+) requests lost/.exec(logs);
  return {
    accepted: Number(counts?.[1] ?? 0),
    lostRequests: Number(counts?.[2] ?? NaN),
    stockRight: logs.includes('all stock right'),
    logs,
  };
}

/** Returns what a load came to, as a verdict; where processes die, requests may be lost, but no event. */
export function judgeLoad(
  { accepted, lostRequests, stockRight, logs }: LoadVerdict,
  { mayLoseRequests = false }: { readonly mayLoseRequests?: boolean } = {},
): Judgement {
  return {
    seen: `${accepted} requests, ${lostRequests} lost, stock ${stockRight ? 'right' : 'wrong'}`,
    problems: [
      ...(stockRight ? [] : [`the stock is wrong:\n${logs.trim()}`]),
      ...(mayLoseRequests || lostRequests === 0
        ? []
        : [`${lostRequests} of ${accepted} requests were lost:\n${logs.trim()}`]),
    ],
  };
}

/** The labels let it through the NetworkPolicies of store and inventory, as the simulator of the chart is. */
function simulatorPod(name: string, image: string, args: readonly string[]): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/name': SIMULATOR } },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: SIMULATOR,
          image,
          imagePullPolicy: 'IfNotPresent',
          args,
          env: [
            { name: 'STORE_URL', value: 'http://store' },
            { name: 'INVENTORY_URL', value: 'http://inventory' },
          ],
          resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}
