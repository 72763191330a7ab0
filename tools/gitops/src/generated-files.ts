/** The files of gitops/ that are written from others, by their paths below the repository's folder. */
export function generatedFiles(_workspace: string): [file: string, content: string][] {
  return [];
}
