import { describeError } from './errors.ts';
import type { Failure } from './parked-records.ts';

const MAX_MESSAGE = 2000;

/** What is kept of whatever was thrown. */
export function toFailure(error: unknown): Failure {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return {
    name: error instanceof Error ? error.name : typeof error,
    message: describeError(error).slice(0, MAX_MESSAGE).replaceAll('\0', ''),
    code: typeof code === 'string' ? code : 'UNCLASSIFIED',
  };
}

/** The failure that a parked record remembers, as an error again. */
export class ParkedFailure extends Error {
  readonly code: string;

  constructor({ name, message, code }: Failure) {
    super(message);
    this.name = name;
    this.code = code;
  }
}
