/** The local platform for programs that need one: `startPlatform` runs it, the state file finds one that runs. */
export { ensureDatabase } from './database.ts';
export { PlatformError, textOf } from './errors.ts';
export {
  DEFAULT_INSTANCE,
  DEFAULT_PORTS,
  type Platform,
  type PlatformOptions,
  startPlatform,
  TEST_INSTANCE,
} from './platform.ts';
export {
  type ClientAddress,
  type Command,
  type KafkaCluster,
  type KafkaClusterOptions,
  startKafkaCluster,
} from './kafka-cluster.ts';
export type { KafkaNode } from './kafka-cluster-node.ts';
export { type ChartUser, grantsOf } from './chart-users.ts';
export {
  type BrokerCertificate,
  type Grant,
  type SecuredKafkaCluster,
  type SecuredKafkaClusterOptions,
  startSecuredKafkaCluster,
} from './kafka-secured-cluster.ts';
export type { ListenerProtocol } from './kafka-cluster-settings.ts';
export type { KafkaProperties } from './kafka-program.ts';
export { type Part, startProcess } from './part.ts';
export { withLock } from './file-lock.ts';
export { findJava, type Java } from './java.ts';
export { cacheFolder, instancePaths, WORKSPACE } from './paths.ts';
export { endLeftovers, type Leftovers, openLedger, type ProcessLedger } from './process-ledger.ts';
export { type RegistryServer, startRegistryServer } from './registry-server.ts';
export { provisionSchemas } from './schemas.ts';
export { startTimeOf } from './process-identity.ts';
export { freePorts, holderOf, isPortFree } from './ports.ts';
export { type PostgresServer, startPostgresServer } from './postgres-server.ts';
export {
  createProgressPrinter,
  type OnProgress,
  type Phase,
  type ProgressEvent,
  seconds,
} from './progress.ts';
export type { Ports } from './providers/provider.ts';
export {
  isOwnerAlive,
  livingProcesses,
  type OwnedProcess,
  type PartName,
  type PlatformState,
  type ProviderName,
  readPlatformState,
} from './state.ts';
export type { Crash } from './supervisor.ts';
export { onStopSignals, type StopSignalHandlers } from './stop-signals.ts';
