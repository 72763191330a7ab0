/** Logs: one JSON object per line on standard output, secrets cut out. */
import { context, isSpanContextValid, trace } from '@opentelemetry/api';
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

/** Returns a JSON logger whose lines carry the service, an ISO time, the level as a word, and the trace they belong to. */
export function createLogger({ name, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service: name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    mixin: traceFields,
    redact: {
      paths: SECRETS.flatMap((key) => [key, `*.${key}`, `*.headers.${key}`]),
      censor: '[secret]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Where a line stands in a trace; only our own spans are named, a caller's is not where this happened. */
function traceFields(): Record<string, string> {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return {};
  return { trace_id: span.traceId, ...(span.isRemote === true ? {} : { span_id: span.spanId }) };
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
