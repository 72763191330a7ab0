import { describe, expect, it } from 'vitest';
import { inferProject, inferProjects } from './plugin.ts';

describe('the plugin infers', () => {
  it('an app with tags from its folder and a continuous serve target', () => {
    const app = inferProject('apps/store', false);

    expect(app.projectType).toBe('application');
    expect(app.tags).toEqual(['type:app', 'scope:store']);
    expect(app.targets?.['serve']).toMatchObject({
      command: 'node tools/system/src/serve.ts store',
      continuous: true,
    });
    expect(Object.keys(app.targets ?? {})).toEqual(['typecheck', 'lint', 'test', 'serve']);
  });

  it('a library without serve, and the contracts as users of the schemas', () => {
    expect(inferProject('libs/kafka', false).targets).not.toHaveProperty('serve');
    expect(inferProject('libs/contracts', false).implicitDependencies).toEqual(['schemas']);
    expect(inferProject('libs/kafka', false).implicitDependencies).toBeUndefined();
  });

  it('a tool under a scope of its own, so that tools/contracts is not taken for libs/contracts', () => {
    expect(inferProject('tools/contracts', false).tags).toEqual(['type:tool', 'scope:tools-contracts']);
  });

  it('the test helpers under a type of their own, which code that ships may not import', () => {
    expect(inferProject('libs/testing', false).tags).toEqual(['type:testing', 'scope:testing']);
  });

  it('the platform beside the tests of projects that have integration tests, and of no other', () => {
    const projects = Object.fromEntries(
      inferProjects([
        'apps/store/tsconfig.json',
        'libs/contracts/tsconfig.json',
        'libs/contracts/src/deep/codec.integration.test.ts',
      ]).map(([, project]) => [project.root, project]),
    );

    expect(projects['apps/store']?.targets?.['test']?.dependsOn).toBeUndefined();
    expect(projects['libs/contracts']?.targets?.['test']?.dependsOn).toEqual([
      { projects: ['@eda/platform'], target: 'test-platform' },
    ]);
  });

  it('the schemas as a project, so that a change in one re-tests its users', () => {
    const [[file, project] = []] = inferProjects(['schemas/contracts.config.yaml']);

    expect(file).toBe('schemas/contracts.config.yaml');
    expect(project).toMatchObject({
      root: 'schemas',
      name: 'schemas',
      tags: ['type:schemas', 'scope:schemas'],
    });
    expect(Object.keys(project?.targets ?? {})).toEqual(['lint']);
  });

  it('a chart with a test of itself, that runs again with the library, the checks, and the code of its app', () => {
    const projects = Object.fromEntries(
      inferProjects(['apps/store/tsconfig.json', 'charts/store/Chart.yaml', 'charts/service/Chart.yaml']).map(
        ([, project]) => [project.name ?? project.root, project],
      ),
    );

    expect(projects['store-chart']).toMatchObject({
      root: 'charts/store',
      tags: ['type:chart', 'scope:store-chart'],
      implicitDependencies: ['service-chart', '@eda/store'],
      targets: { test: { command: 'node tools/charts/src/main.ts test store' } },
    });
    expect(projects['service-chart']?.implicitDependencies).toEqual([]);
    expect(projects['store-chart']?.targets?.['test']?.inputs).toEqual(
      expect.arrayContaining(['!{projectRoot}/charts/**', '{workspaceRoot}/tools/{charts,helm}/**/*']),
    );
    expect(projects['service-chart']?.targets?.['test']?.inputs).toContain(
      '{workspaceRoot}/charts/*/{templates,tests,ci}/**/*',
    );
  });

  it('what is deployed as a user of every chart, and its tool as a user of it', () => {
    const projects = Object.fromEntries(
      inferProjects([
        'charts/store/Chart.yaml',
        'charts/service/Chart.yaml',
        'gitops/root/Chart.yaml',
        'tools/gitops/tsconfig.json',
      ]).map(([, project]) => [project.root, project]),
    );

    expect(projects['gitops']?.implicitDependencies).toEqual(['store-chart', 'service-chart']);
    expect(projects['tools/gitops']?.implicitDependencies).toEqual(['gitops']);
    expect(projects['charts/store']?.targets?.['test']?.inputs).toContain(
      '{workspaceRoot}/gitops/envs/*/store/**/*',
    );
  });

  it('a lint target of the schemas that runs again when code begins or ceases to use a contract', () => {
    expect(inferProject('schemas', false).targets?.['lint']).toMatchObject({
      command: 'node tools/contracts/src/main.ts lint && node tools/contracts/src/main.ts documents',
      inputs: expect.arrayContaining(['default', '{workspaceRoot}/apps/*/src/**/*.ts']) as string[],
    });
  });
});
