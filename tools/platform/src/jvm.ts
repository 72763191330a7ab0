export interface JvmOptions {
  readonly heapMb: number;
  /** The file of loaded classes. */
  readonly archive: string;
  /** Only uses the archive, for servers that end at the same time: they would write the file together. */
  readonly archiveIsReadOnly?: boolean;
  /** Both compilers: later at full speed, and faster then. */
  readonly fullCompiler?: boolean;
  /** An existing folder. */
  readonly temp: string;
}

/**
 * Flags for a server JVM on a developer's machine: a bounded heap, the collector with the smallest footprint, the
 * quick compiler only, and an archive of loaded classes that the JVM makes at its first end and uses from then on.
 * The JVM checks that an archive fits its version and class path, and makes a new one when it does not.
 */
export function jvmFlags({
  heapMb,
  archive,
  archiveIsReadOnly = false,
  fullCompiler = false,
  temp,
}: JvmOptions): string[] {
  return [
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    ...(fullCompiler ? [] : ['-XX:TieredStopAtLevel=1']),
    ...(archiveIsReadOnly ? [] : ['-XX:+AutoCreateSharedArchive']),
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
