/** Something that is wrong with a chart, as it is told to who can mend it. */
export interface Finding {
  readonly chart: string;
  /** The name of the values it was rendered with; absent for what holds for all of them. */
  readonly variant?: string;
  /** `Kind/name`, or a file of the chart. */
  readonly object?: string;
  /** Where in the object: `spec.template.spec.containers[0].image`. */
  readonly path?: string;
  /** What is wrong and, after a semicolon, what to do. */
  readonly reason: string;
  /** The policy that says so, for who wants to make an exception. */
  readonly policy?: string;
}

/** Returns a finding as one line. */
export function describeFinding({ chart, variant, object, path, reason, policy }: Finding): string {
  const where = [variant === undefined ? chart : `${chart} (${variant})`, object, path]
    .filter(Boolean)
    .join(': ');
  return `${where}: ${reason}${policy === undefined ? '' : ` [${policy}]`}`;
}
