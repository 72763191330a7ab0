/** A repository like this one, with one of its environments, and with many more apps: each with chart, image, topic rights, database and credentials of its own. */
import { TOPOLOGY, type Topology, type TopologyApp } from '@eda/contracts';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { environmentsOf } from '../tree/environments.ts';

/** The app that the others are copies of. */
const MODEL = 'replenishment';
const ENVIRONMENT = 'staging';

/** Writes the repository with `count` apps more into `folder`, and returns who sends and receives what in it. */
export function writeManyApps(workspace: string, folder: string, count: number): Topology {
  for (const part of ['gitops', 'charts'])
    cpSync(join(workspace, part), join(folder, part), { recursive: true });
  for (const other of environmentsOf(workspace).filter((name) => name !== ENVIRONMENT)) {
    rmSync(join(folder, 'gitops/envs', other), { recursive: true });
    rmSync(join(folder, `gitops/root/values-${other}.yaml`));
  }
  const names = Array.from({ length: count }, (_, index) => `app${String(index + 1).padStart(3, '0')}`);
  for (const name of names) copyApp(folder, name);
  edit(join(folder, 'gitops/root/values.yaml'), ['applications'], (applications) => {
    const model = applications[MODEL] as object;
    for (const name of names) applications[name] = { ...model, path: `charts/${name}` };
  });
  edit(join(folder, 'charts/kafka-users/values.generated.yaml'), [], (values) => {
    const users = values['users'] as { readonly name: string }[];
    const model = users.find(({ name }) => name === MODEL);
    users.push(...names.map((name) => renamed(model, name) as { name: string }));
  });
  edit(join(folder, 'charts/postgres/values.yaml'), [], (values) => {
    (values['databases'] as object[]).push(...names.map((name) => ({ name, existingSecret: '' })));
  });
  const model = TOPOLOGY.apps.find(({ name }) => name === MODEL) as TopologyApp;
  // They read and write the topics that are there, each in a group of its own; only the groups are others.
  const apps = names.map((name): TopologyApp => ({
    ...model,
    name,
    operations: model.operations.map((operation) =>
      operation.group === undefined ? operation : { ...operation, group: name },
    ),
  }));
  return { ...TOPOLOGY, apps: [...TOPOLOGY.apps.filter(({ role }) => role !== 'observer'), ...apps] };
}

function copyApp(folder: string, name: string): void {
  const chart = join(folder, 'charts', name);
  cpSync(join(folder, 'charts', MODEL), chart, { recursive: true });
  for (const file of ['Chart.yaml', 'contract.generated.yaml', 'values.yaml'])
    rename(join(chart, file), name);
  const values = join(folder, 'gitops/envs', ENVIRONMENT);
  cpSync(join(values, MODEL), join(values, name), { recursive: true });
}

function rename(file: string, name: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(MODEL, name));
}

/** A user of another name in a group of that name; topics keep theirs. */
function renamed(user: unknown, name: string): unknown {
  return JSON.parse(JSON.stringify(user).replaceAll(`"${MODEL}"`, `"${name}"`));
}

function edit(file: string, path: readonly string[], change: (value: Record<string, unknown>) => void): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const content = document.toJS() as Record<string, unknown>;
  change(path.reduce((value, key) => value[key] as Record<string, unknown>, content));
  writeFileSync(file, JSON.stringify(content));
}
