/** `npm run trial -- platform`: keeps the platform for pods running, and says what the cluster has to know of it. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onStopSignals, WORKSPACE } from '@eda/platform';
import { stringify } from 'yaml';
import { startTrialPlatform, type TrialPlatform } from './platform.setup.ts';

const FOLDER = join(WORKSPACE, '.platform/trial');

/** The file with the namespace and the Secrets; its passwords end with the platform. */
export const MANIFESTS = join(FOLDER, 'secrets.yaml');

/** The file with the names that pods must find. */
export const HOST_SERVICES = join(FOLDER, 'host-services');

/** Runs until it is told to stop; resolves when all has ended. */
export async function runPlatform(namespace: string): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true });
  process.stderr.write('Kafka with TLS, passwords and rights, the registry and PostgreSQL are starting.\n');
  const stopped = new Promise<void>((resolve) =>
    onStopSignals({ stop: resolve, kill: () => process.exit(1), repeatsMeanTheSame: false }),
  );
  const platform = await startTrialPlatform(FOLDER);
  try {
    writeFileSync(MANIFESTS, manifests(platform, namespace), { mode: 0o600 });
    const services = platform.services.map(
      ({ namespace: of, name, port, hostPort }) => `${of}/${name} ${port}:${hostPort}`,
    );
    writeFileSync(HOST_SERVICES, `${services.join('\n')}\n`);
    process.stdout.write(
      `The platform for pods is ready. The cluster needs\n  the Secrets:  kubectl apply -f ${MANIFESTS}\n` +
        `  these names, each leading to a port of this machine (${HOST_SERVICES}):\n` +
        services.map((line) => `    ${line}\n`).join('') +
        'Ctrl-C stops it.\n',
    );
    const alive = setInterval(() => undefined, 60_000);
    await stopped;
    clearInterval(alive);
  } finally {
    await platform[Symbol.asyncDispose]();
    rmSync(FOLDER, { recursive: true, force: true });
  }
}

function manifests({ secrets }: TrialPlatform, namespace: string): string {
  const namespaceObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
    },
  };
  const objects = Object.entries(secrets).map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData,
  }));
  return [namespaceObject, ...objects].map((object) => stringify(object)).join('---\n');
}
