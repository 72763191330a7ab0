/** Values that charts of others get. What they render to is not here, so the values themselves are compared. */
import { differencesIn, type FieldDifference } from '@eda/charts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../read-yaml.ts';
import { type Application, sourcesOf } from '../tree/application.ts';

export interface ChangedValues {
  /** The file, from the root of the repository. */
  readonly file: string;
  readonly fields: readonly FieldDifference[];
}

/** Where an application is deployed from: the folder of the repository, and the application as it is there. */
export interface Deployed {
  readonly workspace: string;
  readonly application: Application | undefined;
}

/** Returns how the files of values differ, those that only one of both has included. */
export function changedValues(before: Deployed, after: Deployed): ChangedValues[] {
  const files = new Set([...filesOf(before.application), ...filesOf(after.application)]);
  return [...files].sort().flatMap((file) => {
    const fields = differencesIn(read(before, file), read(after, file));
    return fields.length === 0 ? [] : [{ file, fields }];
  });
}

const REPOSITORY = '$repository/';

function filesOf(application: Application | undefined): string[] {
  return (application === undefined ? [] : sourcesOf(application))
    .flatMap(({ helm }) => helm?.valueFiles ?? [])
    .filter((file) => file.startsWith(REPOSITORY))
    .map((file) => file.slice(REPOSITORY.length));
}

function read({ workspace, application }: Deployed, file: string): unknown {
  if (!filesOf(application).includes(file) || !existsSync(join(workspace, file))) return {};
  return readYaml(workspace, file) ?? {};
}
