import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EventModel } from '../contract-model.ts';
import { loadContracts } from '../load-contracts.ts';
import type { WantedSubject } from './wanted-subject.ts';

/**
 * Returns what the contracts under `root` say about each subject, with the schemas that golden recordings were made with as
 * earlier versions. Throws `ContractsInvalid` when the contracts are wrong.
 */
export function wantedSubjects(root: string): WantedSubject[] {
  return loadContracts(root).events.map((event) => ({
    subject: event.subject,
    schema: event.schema,
    compatibility: event.meta.compatibility,
    earlier: recordedSchemas(root, event),
  }));
}

function recordedSchemas(root: string, { record }: EventModel): string[] {
  const folder = join(root, 'schemas/golden', dirname(record.file).slice('schemas/'.length));
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${record.name}@`) && file.endsWith('.avsc'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}
