/** What the chart schema-registration needs of the contracts: a hash by which its Job knows that there is something to publish. */
import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { EventModel } from '../contract-model.ts';

const HEADER = `# Generated from schemas/ by \`npm run generate\`. Do not edit.
# What the Job publishes. Its name has this hash: other schemas or levels are another Job.
`;

/** Returns the file of the chart: the subjects, and one hash of all schemas and compatibility levels, whatever their order. */
export function emitRegistration(events: readonly EventModel[]): string {
  const published = events
    .map(({ subject, schema, meta }) => [subject, meta.compatibility, schema] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const sha256 = createHash('sha256').update(JSON.stringify(published)).digest('hex');
  return `${HEADER}${stringify({ sha256, subjects: published.map(([subject]) => subject) }, { lineWidth: 0 })}`;
}
