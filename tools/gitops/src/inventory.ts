/** The inventory of gitops/root, as it is written. */
import { GitopsError } from './errors.ts';
import { readYaml } from './read-yaml.ts';
import { environmentsOf } from './tree/environments.ts';

export interface Entry {
  readonly enabled?: boolean;
  readonly wave: number;
  readonly project: string;
  readonly namespace: string;
  readonly alsoNamespaces?: readonly string[];
  readonly needs?: readonly string[];
  /** Groups of the kinds that a chart of others adds to the cluster. */
  readonly brings?: readonly string[];
  /** Groups of kinds that a chart of others makes objects of, and does not bring. */
  readonly uses?: readonly string[];
  readonly path?: string;
  readonly kustomize?: string;
  readonly chart?: { readonly repoURL: string; readonly name: string; readonly version: string };
}

export interface Inventory {
  readonly applications: ReadonlyMap<string, Entry>;
  /** The applications that each environment has. */
  readonly environments: ReadonlyMap<string, ReadonlySet<string>>;
  /** The versions of charts of others that an environment has instead of those of `applications`. */
  readonly versions: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

interface Values {
  readonly applications?: Readonly<
    Record<string, Omit<Partial<Entry>, 'chart'> & { readonly chart?: Partial<Entry['chart']> }>
  >;
}

/** Returns the inventory with the differences between the environments. */
export function readInventory(workspace: string): Inventory {
  const read = (file: string) => (readYaml(workspace, `gitops/root/${file}`) ?? {}) as Values;
  const applications = new Map(
    Object.entries((read('values.yaml').applications ?? {}) as Record<string, Entry>),
  );
  if (applications.size === 0)
    throw new GitopsError('gitops/root/values.yaml has no applications: nothing would be deployed.');
  const environments = new Map<string, ReadonlySet<string>>();
  const versions = new Map<string, ReadonlyMap<string, string>>();
  for (const name of environmentsOf(workspace)) {
    const changes = read(`values-${name}.yaml`).applications ?? {};
    const enabled = [...applications]
      .filter(([app, { enabled = true }]) => changes[app]?.enabled ?? enabled)
      .map(([app]) => app);
    const own = Object.entries(changes).flatMap(([app, { chart }]): [string, string][] =>
      chart?.version === undefined ? [] : [[app, chart.version]],
    );
    environments.set(name, new Set(enabled));
    versions.set(name, new Map(own));
  }
  return { applications, environments, versions };
}
