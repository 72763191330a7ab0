/** A pod of the simulator that drives the store and compares the stock. */
import type { Cluster } from './cluster.ts';
import { SIMULATOR } from './apps.ts';

export interface LoadOptions {
  readonly name: string;
  readonly image: string;
  /** Movements per second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface LoadVerdict {
  readonly accepted: number;
  readonly lostRequests: number;
  /** Whether each store has the stock that its accepted movements lead to: no event lost, none counted twice. */
  readonly stockRight: boolean;
  readonly logs: string;
}

/** Starts the load; the function that is returned resolves at its end. */
export async function startLoad(cluster: Cluster, options: LoadOptions): Promise<() => Promise<LoadVerdict>> {
  const { name, image, rate, seconds } = options;
  await cluster.remove('pod', name);
  await cluster.apply(
    loadPod(name, image, ['load', '--rate', String(rate), '--count', String(rate * seconds)]),
  );
  return async () => {
    const { logs } = await cluster.ended(name, seconds + 240);
    return readVerdict(logs);
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

/** The labels let it through the NetworkPolicies of store and inventory, as the simulator of the chart is. */
function loadPod(name: string, image: string, args: readonly string[]): object {
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
          name: 'load',
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
