import { expect, test } from 'vitest';
import { appImages } from './app-images.ts';
import { WORKSPACE } from '../programs.setup.ts';

test('everything that has a version in dev is built from its folder, with the tag that is deployed', () => {
  const images = appImages(WORKSPACE, 'dev');
  expect(Object.fromEntries(images.map(({ app, kind }) => [app, kind]))).toEqual({
    store: 'apps',
    inventory: 'apps',
    replenishment: 'apps',
    console: 'apps',
    'store-simulator': 'apps',
    contracts: 'tools',
  });
  for (const { image, app } of images) expect(image).toMatch(new RegExp(`^[a-z0-9./-]+/${app}:[\\w.-]+$`));
});

test('what an environment does not have is not built for it', () => {
  expect(appImages(WORKSPACE, 'prod').map(({ app }) => app)).not.toContain('store-simulator');
});
