/**
 * The Nx plugin of this workspace: infers every project and its targets from where its files stand, so that
 * no project needs a project.json. What a target runs is said here; when it is cached is said in nx.json.
 */
import type { CreateNodes, ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { dirname } from 'node:path/posix';

const PROJECTS = '{apps,libs,tools}/*/tsconfig.json';
const INTEGRATION_TESTS = '{apps,libs,tools}/*/src/**/*.integration.test.ts';
const SCHEMAS = 'schemas/contracts.config.yaml';
const CHARTS = 'charts/*/Chart.yaml';
const GITOPS = 'gitops/root/Chart.yaml';

/** The library that every chart builds on. */
const LIBRARY_CHART = 'service';

/** The continuous task that runs Kafka, the schema registry and PostgreSQL for as long as tests need them. */
const TEST_PLATFORM = { projects: ['@eda/platform'], target: 'test-platform' };

/** What a project works on without importing it. */
const READS: Readonly<Record<string, readonly string[]>> = {
  'libs/contracts': ['schemas'],
  'tools/gitops': ['gitops'],
};

const run = (command: string): TargetConfiguration => ({ command });

/** What Helm puts into a chart's folder is no input; what the alerts are held against stands outside of it. */
const CHART_INPUTS = [
  'default',
  '^default',
  '!{projectRoot}/charts/**',
  '!{projectRoot}/Chart.lock',
  // Not as dependencies: what those depend on is no reason to test every chart again.
  '{workspaceRoot}/tools/{charts,helm}/**/*',
];

/** What no chart sees of the library is told by the library's own test, so the templates and suites of all charts are inputs of it. */
const LIBRARY_INPUTS = ['{workspaceRoot}/charts/*/*', '{workspaceRoot}/charts/*/{templates,tests,ci}/**/*'];

/** The alerts are held against what stands outside of their chart. */
const ALERTS_CHART = 'kafka-monitoring';
const ALERTS_INPUTS = [
  '{workspaceRoot}/tools/monitoring/**/*',
  '{workspaceRoot}/docs/metrics.md',
  '{workspaceRoot}/docs/runbooks/**/*',
];

/** Contracts are checked together with the documents and the code that use them. */
const LINT_CONTRACTS: TargetConfiguration = {
  ...run('node tools/contracts/src/main.ts lint && node tools/contracts/src/main.ts documents'),
  inputs: [
    'default',
    '{workspaceRoot}/apps/*/{asyncapi.yaml,openapi.json}',
    '{workspaceRoot}/apps/*/src/**/*.ts',
    '{workspaceRoot}/libs/contracts/src/**/*.ts',
    '{workspaceRoot}/tools/contracts/src/**/*.ts',
  ],
};

/**
 * Returns the project that stands in `root` (for example `apps/store`).
 * With `integrationTests`, its `test` target runs beside the local platform.
 */
export function inferProject(
  root: string,
  integrationTests: boolean,
  apps: ReadonlySet<string> = new Set(),
  charts: ReadonlySet<string> = new Set(),
): ProjectConfiguration {
  if (root === 'schemas') {
    return {
      root,
      name: 'schemas',
      tags: ['type:schemas', 'scope:schemas'],
      targets: { lint: LINT_CONTRACTS },
    };
  }

  const [folder = '', name = ''] = root.split('/');
  if (folder === 'charts') return inferChart(root, name, apps);
  if (folder === 'gitops') return inferGitops(charts);

  const type = name === 'testing' ? 'testing' : folder.slice(0, -1);
  const test = run(`vitest run --passWithNoTests ${root}/`);
  return {
    root,
    projectType: type === 'app' ? 'application' : 'library',
    tags: [`type:${type}`, `scope:${type === 'tool' ? 'tools-' : ''}${name}`],
    ...(READS[root] === undefined ? {} : { implicitDependencies: [...READS[root]] }),
    targets: {
      typecheck: run(`tsc -p ${root}`),
      lint: run(`eslint ${root}`),
      test: integrationTests ? { ...test, dependsOn: [TEST_PLATFORM] } : test,
      ...(type === 'app'
        ? { serve: { ...run(`node tools/system/src/serve.ts ${name}`), continuous: true } }
        : {}),
    },
  };
}

/**
 * A chart is tested by itself, with the library it builds on and, for an app, with the app's code: a change in one chart tests that chart
 * and what builds on it, and nothing else.
 */
function inferChart(root: string, name: string, apps: ReadonlySet<string>): ProjectConfiguration {
  const dependencies = [
    ...(name === LIBRARY_CHART ? [] : [`${LIBRARY_CHART}-chart`]),
    ...(apps.has(name) ? [`@eda/${name}`] : []),
  ];
  return {
    root,
    name: `${name}-chart`,
    tags: ['type:chart', `scope:${name}-chart`],
    implicitDependencies: dependencies,
    targets: {
      test: {
        ...run(`node tools/charts/src/main.ts test ${name}`),
        inputs: [
          ...CHART_INPUTS,
          `{workspaceRoot}/gitops/envs/*/${name}/**/*`,
          ...(name === ALERTS_CHART ? ALERTS_INPUTS : []),
          ...(name === LIBRARY_CHART ? LIBRARY_INPUTS : []),
        ],
      },
    },
  };
}

/** What is deployed depends on every chart; the tests of it are those of tools/gitops. */
function inferGitops(charts: ReadonlySet<string>): ProjectConfiguration {
  return {
    root: 'gitops',
    name: 'gitops',
    tags: ['type:gitops', 'scope:gitops'],
    implicitDependencies: [...charts].map((chart) => `${chart}-chart`),
  };
}

/** Returns the projects of the matched files, each with the file that marks it. */
export function inferProjects(files: readonly string[]): [string, ProjectConfiguration][] {
  const isTest = (file: string) => file.endsWith('.integration.test.ts');
  const tested = new Set(files.filter(isTest).map((file) => file.split('/').slice(0, 2).join('/')));
  const below = (folder: string) =>
    new Set(files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.split('/')[1] ?? ''));
  const [apps, charts] = [below('apps'), below('charts')];
  return files
    .filter((file) => !isTest(file))
    .map((file) => [file, inferProject(dirname(file), tested.has(dirname(file)), apps, charts)]);
}

/** What Nx calls with every file that fits the pattern. */
export const createNodes: CreateNodes = [
  `{${PROJECTS},${INTEGRATION_TESTS},${SCHEMAS},${CHARTS},${GITOPS}}`,
  (files) =>
    inferProjects(files).map(([file, project]) => [file, { projects: { [project.root]: project } }] as const),
];
