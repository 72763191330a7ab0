/** Everything that the applications made, to see later whether it is still the same. */
import { applications } from './application.ts';
import { list, type LiveObject } from './kubectl.ts';

/** `group/Kind namespace/name` with uid and what is wanted, of all objects that an application made. */
export type Snapshot = ReadonlyMap<string, string>;

/** Returns what the applications made, and the applications. */
export async function snapshot(): Promise<Snapshot> {
  const all = await applications();
  const wanted = new Map<string, string>();
  const kinds = new Set<string>();
  for (const application of all.values()) {
    for (const { group = '', kind, namespace = '', name } of application.status?.resources ?? []) {
      kinds.add(group === '' ? kind : `${kind}.${group}`);
      wanted.set(`${group}/${kind} ${namespace}/${name}`, '');
    }
  }
  const found = new Map<string, string>();
  for (const kind of kinds) {
    for (const object of await list(kind)) {
      const key = keyOf(object);
      if (wanted.has(key)) found.set(key, `${object.metadata.uid} ${specOf(object)}`);
    }
  }
  return found;
}

/** The generation, which the API server counts; for Applications, whose every new status counts too, what is wanted itself. */
function specOf({ kind, metadata, spec }: LiveObject): string {
  return kind === 'Application' ? JSON.stringify(spec) : String(metadata.generation ?? '');
}

function keyOf({ apiVersion, kind, metadata }: LiveObject): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `${group}/${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Returns a line for each object that came, went, was made anew or got another spec. */
export function changesBetween(before: Snapshot, after: Snapshot): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => {
    const [one, other] = [before.get(key), after.get(key)];
    if (one === other) return [];
    if (one === undefined) return [`${key} came`];
    if (other === undefined) return [`${key} went`];
    return [one.split(' ')[0] === other.split(' ')[0] ? `${key} was changed` : `${key} was made anew`];
  });
}
