import type { LogEntry, logCreator, logLevel } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Logger } from 'pino';

/** Where kafkajs decides something that nobody else reports, such as going back to the start of a log. */
const NAMESPACES_HEARD = new Set(['ConsumerGroup']);

/**
 * kafkajs reports every lost connection and every retry as an error. Whether a failure matters is known, and said, by the code
 * that rides it out or gives up; from kafkajs only its own decisions are warnings, the rest is for debugging.
 */
function level({ level: original, namespace }: LogEntry): 'warn' | 'debug' {
  const { ERROR, WARN } = kafkajs.logLevel;
  return (original === ERROR || original === WARN) && NAMESPACES_HEARD.has(namespace) ? 'warn' : 'debug';
}

/** Sends kafkajs's log lines to pino. */
export function createLogCreator(logger: Logger): logCreator {
  return () => (entry) => {
    const { message, ...fields } = entry.log;
    delete (fields as { timestamp?: string }).timestamp;
    logger[level(entry)]({ ...fields, logger: entry.namespace }, message);
  };
}

/** The level below which kafkajs need not even format its lines. */
export function clientLogLevel(logger: Logger): logLevel {
  return logger.isLevelEnabled('debug') ? kafkajs.logLevel.DEBUG : kafkajs.logLevel.WARN;
}
