import { CODE_CASES } from './code.ts';
import { DOCUMENT_CASES } from './documents.ts';
import { FILE_CASES } from './files.ts';
import type { LintCase } from './lint-case.ts';
import { METADATA_CASES } from './metadata.ts';
import { SCHEMA_CASES } from './schemas.ts';

/** All there are, by what is wrong. */
export const LINT_CASES: Readonly<Record<string, readonly LintCase[]>> = {
  schema: SCHEMA_CASES,
  metadata: METADATA_CASES,
  document: DOCUMENT_CASES,
  code: CODE_CASES,
  file: FILE_CASES,
};
