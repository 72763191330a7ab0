/** The gate of the pipeline: what was accepted over HTTP is in the log once, in the inbox once, and had its effect once. */

export interface IdAudit {
  /** Event ids that the store answered with. */
  readonly accepted: readonly string[];
  /** Event ids of the records in the log, as often as they stand there. */
  readonly log: readonly string[];
  /** Event ids in the consumer's inbox. */
  readonly store: readonly string[];
  /** Pieces in stock; each event brings one. */
  readonly effects: number;
}

/** Returns what is wrong, or undefined when nothing is. */
export function auditIds({ accepted, log, store, effects }: IdAudit): string | undefined {
  if (accepted.length === 0) return 'nothing was accepted';
  const wrong: string[] = [];
  const ids = new Set(accepted);
  if (ids.size < accepted.length) wrong.push(`${accepted.length - ids.size} ids were answered twice`);
  for (const [name, found] of [
    ['the log', log],
    ['the store', store],
  ] as const) {
    const there = new Set(found);
    const lost = missingFrom(there, ids);
    const foreign = missingFrom(ids, there);
    if (lost > 0) wrong.push(`${lost} accepted events are not in ${name}`);
    if (there.size < found.length)
      wrong.push(`${found.length - there.size} events stand in ${name} more than once`);
    if (foreign > 0) wrong.push(`${foreign} events in ${name} were never accepted`);
  }
  if (effects !== accepted.length) wrong.push(`${accepted.length} events had ${effects} effects`);
  return wrong.length === 0 ? undefined : wrong.join('; ');
}

function missingFrom(found: ReadonlySet<string>, wanted: ReadonlySet<string>): number {
  let missing = 0;
  for (const id of wanted) if (!found.has(id)) missing += 1;
  return missing;
}
