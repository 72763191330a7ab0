import type { Level } from './level.ts';
import type { RuleCode, Severity } from './rules.ts';

/** A broken rule at its place, complete: everything that a person needs to put it right. */
export interface Finding {
  readonly code: RuleCode;
  readonly severity: Severity;
  /** Path from the root of the repository, with `/`. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 code units. */
  readonly column: number;
  /** For example `fields.quantity`; empty when the file as a whole is meant. */
  readonly field: string;
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** A sentence: what goes wrong because of it. */
  readonly why: string;
  /** A sentence: how to put it right. */
  readonly fix: string;
  /** Of a change: what it breaks. */
  readonly level?: Level;
  /** Of a change: the apps that receive the event and are hit by it. */
  readonly breaks?: readonly string[];
  /** What to do instead, one step after the other, when the break is meant. */
  readonly steps?: readonly string[];
}

/** Returns the finding as one line: `file:line:column: code field: message. fix`. */
export function oneLine({ code, file, line, column, field, message, fix }: Finding): string {
  return `${file}:${line}:${column}: ${code} ${field === '' ? '' : `${field}: `}${message}. ${fix}`;
}

/** Orders findings as they stand in the files. */
export function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : Number(a.code > b.code));
}
