import type { Finding } from '../finding.ts';
import { formatGithub } from './github.ts';
import { formatJson } from './json.ts';
import { formatSarif } from './sarif.ts';
import { formatText } from './text.ts';

/** Returns the findings as they are written to the standard output. */
export type Format = (findings: readonly Finding[], options: { readonly colours: boolean }) => string;

export const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['text', formatText],
  ['json', formatJson],
  ['github', formatGithub],
  ['sarif', formatSarif],
]);
