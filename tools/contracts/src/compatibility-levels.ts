/** The levels that a subject of a registry may have and that hold something, for example `FULL_TRANSITIVE`. */
export const COMPATIBILITY_LEVELS: readonly string[] = ['BACKWARD', 'FORWARD', 'FULL'].flatMap((kind) => [
  kind,
  `${kind}_TRANSITIVE`,
]);
