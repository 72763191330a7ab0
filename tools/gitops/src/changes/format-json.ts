import { lostIn, type RepositoryChanges } from './repository-changes.ts';

/** Returns the changes for programs: all fields, and `losses`, the number that decides the exit code. */
export function formatJson(changes: RepositoryChanges): string {
  const environments = changes.environments.map(({ applications, ...environment }) => ({
    ...environment,
    applications: applications.map(({ wave, settings, values, objects, ...application }) => ({
      ...application,
      // The root is before all waves, which JSON has no number for.
      wave: Number.isFinite(wave) ? wave : null,
      settings: settings.map(field),
      values: values.map(({ file, fields }) => ({ file, fields: fields.map(field) })),
      objects: objects.map(({ fields, ...object }) => ({ ...object, fields: fields.map(field) })),
    })),
  }));
  return JSON.stringify({ ...changes, losses: lostIn(changes), environments }, undefined, 2);
}

const field = ({ path, one, other }: { path: string; one: unknown; other: unknown }) => ({
  path,
  before: one ?? null,
  after: other ?? null,
});
