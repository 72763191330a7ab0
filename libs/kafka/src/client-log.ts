import type { LogEntry, logCreator } from 'kafkajs';
import { logLevel } from 'kafkajs';
import type { Logger } from 'pino';

/**
 * kafkajs calls every lost connection an error. Here none of its lines is more than a warning: what is an error is said by
 * the code that knows whether the failure is ridden out.
 */
function level(entry: LogEntry): 'warn' | 'info' | 'debug' {
  if (entry.level === logLevel.ERROR || entry.level === logLevel.WARN) return 'warn';
  return entry.level === logLevel.INFO ? 'info' : 'debug';
}

/** Sends kafkajs's log lines to pino. */
export function createLogCreator(logger: Logger): logCreator {
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _logger, ...fields } = entry.log;
    logger[level(entry)]({ ...fields, namespace: entry.namespace }, message);
  };
}

/** The level below which kafkajs need not even format its lines. */
export function clientLogLevel(logger: Logger): logLevel {
  if (logger.isLevelEnabled('debug')) return logLevel.DEBUG;
  return logger.isLevelEnabled('info') ? logLevel.INFO : logLevel.WARN;
}
