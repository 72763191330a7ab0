/** The one place that knows the prefix: logical names outside, physical names on the cluster. */
export interface ClientNames {
  physical(name: string): string;
  logical(name: string): string;
}

/** Names on a cluster that is shared by several systems or test runs: each has its own prefix. */
export function createNames(prefix: string): ClientNames {
  return {
    physical: (name) => prefix + name,
    logical: (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name),
  };
}
