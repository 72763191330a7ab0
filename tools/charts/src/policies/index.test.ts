import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { POLICIES } from './index.ts';
import {
  BUDGET,
  DEPLOYMENT,
  KAFKA,
  NETWORK_POLICY,
  POOL,
  SERVICE,
  SERVICE_ACCOUNT,
  SERVICE_MONITOR,
  told,
} from './policy.setup.ts';

const HELPERS = ['index', 'pod-types', 'policy', 'quantity', 'workloads', 'exceptions'];

describe('The policies', () => {
  it('are all that have a file, each named like it, with a test', () => {
    const files = readdirSync(import.meta.dirname);
    const written = files
      .filter((file) => /^[a-z-]+\.ts$/.test(file))
      .map((file) => file.slice(0, -'.ts'.length))
      .filter((name) => !HELPERS.includes(name));
    expect(POLICIES.map(({ name }) => name).sort()).toEqual(written);
    expect(written.filter((name) => !files.includes(`${name}.test.ts`))).toEqual([]);
  });

  it.each(POLICIES)('$name have nothing against an app and a cluster as they should be', (policy) => {
    const egress = NETWORK_POLICY.replace('name: store', 'name: kafka').replace(
      '{ app.kubernetes.io/name: store, app.kubernetes.io/instance: one }',
      '{ strimzi.io/cluster: eda }',
    );
    const app = [DEPLOYMENT, SERVICE, SERVICE_MONITOR, BUDGET, NETWORK_POLICY, SERVICE_ACCOUNT];
    expect(told(policy, ...app, KAFKA, POOL, egress)).toEqual([]);
  });
});
