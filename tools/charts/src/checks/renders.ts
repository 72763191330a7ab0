import { resolve } from 'node:path';
import type { Finding } from '../finding.ts';
import { environmentsFolder, validateChart } from '../validate.ts';
import { validationTools } from '../validation-tools.ts';

/** Returns what is wrong with what the chart in `folder` renders to, with each of its variants. */
export async function checkRenders(
  folder: string,
  log: (line: string) => void = () => undefined,
): Promise<Finding[]> {
  return validateChart(folder, {
    tools: await validationTools(log),
    environments: environmentsFolder(resolve(folder, '../..')),
  });
}
