import { bootstrapFiles } from './bootstrap/bootstrap-files.ts';

/** The files of gitops/ that are written from others, by their paths below the repository's folder. */
export function generatedFiles(workspace: string): [file: string, content: string][] {
  return bootstrapFiles(workspace);
}
