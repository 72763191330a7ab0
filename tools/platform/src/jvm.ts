export interface JvmOptions {
  readonly heapMb: number;
  /** The file of loaded classes. */
  readonly archive: string;
  /** An existing folder. */
  readonly temp: string;
}

/**
 * Flags for a server JVM on a developer's machine: a bounded heap, the collector with the smallest footprint, the
 * quick compiler only, and an archive of loaded classes that the JVM makes at its first end and uses from then on.
 * The JVM checks that an archive fits its version and class path, and makes a new one when it does not.
 */
export function jvmFlags({ heapMb, archive, temp }: JvmOptions): string[] {
  return [
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:+AutoCreateSharedArchive',
    `-XX:SharedArchiveFile=${archive}`,
    '-Xlog:disable',
    '-Xlog:all=error:stderr',
    '-XX:+ExitOnOutOfMemoryError',
    '-Djava.awt.headless=true',
    // A server that is killed leaves its temporary files where we find them.
    `-Djava.io.tmpdir=${temp}`,
    '-XX:-UsePerfData',
  ];
}
