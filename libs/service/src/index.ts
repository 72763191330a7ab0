/** What every process of this system needs: configuration, logs, HTTP, health, metrics, database, shutdown. */
export {
  commonConfig,
  ConfigError,
  consumerConfig,
  databaseConfig,
  kafkaConfig,
  loadConfig,
  port,
  tracingConfig,
} from './config.ts';
export {
  createPool,
  isDatabaseUnavailable,
  withTransaction,
  type Pool,
  type PoolClient,
  type PoolOptions,
} from './database.ts';
export { errorText } from './error-text.ts';
export {
  createHealth,
  type Health,
  type HealthCheck,
  type HealthCheckResult,
  type HealthOptions,
  type HealthReport,
} from './health.ts';
export type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
export { createHttpApp, stoppableHttp, type HttpApp, type HttpAppOptions } from './http-app.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { migrate, MigrationError, type Migration } from './migrate.ts';
export { openApiText, type HttpParts } from './openapi-text.ts';
export {
  HttpProblem,
  problem,
  type FieldError,
  type ProblemDetails,
  type ProblemOptions,
} from './problem.ts';
export { problemResponse } from './problem-response.ts';
export { retryUntilDone, type RetryOptions } from './retry.ts';
export { runEvery, type PeriodicWork } from './run-every.ts';
export { runService, type RunningService, type ServiceDefinition, type Stoppable } from './run-service.ts';
export {
  createTracerProvider,
  createTracing,
  type Tracing,
  type TracingConfig,
  type TracingOptions,
} from './tracing.ts';
export { fieldErrors } from './validation.ts';
