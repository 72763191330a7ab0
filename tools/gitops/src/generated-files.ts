import { bootstrapFiles } from './bootstrap/bootstrap-files.ts';
import { DEPLOYMENT_PAGE, deploymentPage } from './docs/deployment-page.ts';
import { HEALTH_VALUES, healthValues } from './health/scripts.ts';

/** Returns the files of gitops/ and its pages that are written from others, by their paths below the repository's folder. */
export function generatedFiles(workspace: string): [file: string, content: string][] {
  const health: [string, string] = [HEALTH_VALUES, healthValues(workspace)];
  return [
    health,
    ...bootstrapFiles(workspace, new Map([health])),
    [DEPLOYMENT_PAGE, deploymentPage(workspace)],
  ];
}
