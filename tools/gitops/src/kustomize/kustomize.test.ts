import { firstDifference, nameOf } from '@eda/charts';
import { resolveTool } from '@eda/helm';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { environmentsOf } from '../tree/environments.ts';
import { renderTree, type Tree } from '../tree/render-tree.ts';
import { buildOverlay } from './build-overlay.ts';
import { KUSTOMIZE, kustomizeFiles, withoutHelm } from './kustomize-files.ts';
import { kustomizedApps, kustomizedFiles } from './kustomized-apps.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../../..');
const APPS = kustomizedApps(WORKSPACE);

describe('apps with Kustomize', { timeout: 120_000 }, () => {
  let helm: string;
  let kustomize: string;
  const trees = new Map<string, Tree>();

  beforeAll(async () => {
    helm = await resolveTool('helm');
    kustomize = await resolveTool('kustomize');
    for (const environment of environmentsOf(WORKSPACE))
      trees.set(environment, await renderTree({ helm, kustomize, workspace: WORKSPACE, environment }));
  }, 300_000);

  it('are those that there are', () => {
    expect(APPS).toContain('replenishment');
  });

  it('are what their charts say (npm run gitops -- generate)', async () => {
    for (const [file, content] of await kustomizedFiles(WORKSPACE, helm, APPS))
      expect(readFileSync(join(WORKSPACE, file), 'utf8'), file).toBe(content);
  });

  it.each(APPS.flatMap((app) => environmentsOf(WORKSPACE).map((environment) => [app, environment] as const)))(
    '%s becomes in %s what Helm makes of it, which the tests of the charts look at',
    async (app, environment) => {
      const objects = await buildOverlay(kustomize, join(WORKSPACE, KUSTOMIZE, app, 'overlays', environment));
      const byHelm = trees.get(environment)?.children.find(({ name }) => name === app)?.objects ?? [];
      const inOrder = [...objects].sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
      const expected = byHelm.map(withoutHelm).sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
      expect(firstDifference(inOrder, expected, ['Kustomize', 'Helm'])).toBeUndefined();
    },
  );

  it('are refused when environments differ in more than an overlay can say', () => {
    const config = (level: string) => [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { level } },
    ];
    const renders = new Map([
      ['dev', config('debug')],
      ['prod', config('info')],
    ]);
    expect(() => kustomizeFiles('shop', renders)).toThrow(
      'shop: ConfigMap/shop differs between prod and dev in more than image and replicas',
    );
  });
});
