import { bootstrapFiles } from './bootstrap/bootstrap-files.ts';
import { DEPLOYMENT_PAGE, deploymentPage } from './docs/deployment-page.ts';

/** Returns the files of gitops/ and its pages that are written from others, by their paths below the repository's folder. */
export function generatedFiles(workspace: string): [file: string, content: string][] {
  return [...bootstrapFiles(workspace), [DEPLOYMENT_PAGE, deploymentPage(workspace)]];
}
