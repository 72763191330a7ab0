/** Logs: one JSON object per line on standard output, secrets cut out. */
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

export type { Logger };

export interface LoggerOptions {
  /** The service; stands in every line. */
  readonly name: string;
  /** pino level; `info` when absent. */
  readonly level?: string;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

const SECRETS = [
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'connectionString',
  'DATABASE_URL',
];

/** Returns a JSON logger whose lines carry the service, an ISO time and the level as a word. */
export function createLogger({ name, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service: name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: {
      paths: SECRETS.flatMap((key) => [key, `*.${key}`, `*.headers.${key}`]),
      censor: '[secret]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * Returns what of an error belongs into a log. Other properties stay out: clients hang themselves, with addresses and
 * credentials, on the errors they throw.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
    ...(error instanceof AggregateError ? { errors: error.errors.map(describeError) } : {}),
  };
}
