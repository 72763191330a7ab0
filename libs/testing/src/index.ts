/** Helpers for tests; never part of what runs. */
export { chromiumLaunch, type BrowserLaunch } from './chromium.ts';
export { createTestTopics, createTopicPrefix, type TestTopics } from './topics.ts';
export { waitFor, type WaitForOptions } from './wait-for.ts';
export { createTestDatabase, type TestDatabase } from './database.ts';
export { testPlatform, type TestPlatform } from './test-platform.ts';
export {
  type CertificateAndKey,
  type CertificateAuthority,
  type CertificateOptions,
  createCertificateAuthority,
} from './certificates.ts';
export { createMountedSecret, type MountedSecret } from './mounted-secret.ts';
export { createTcpProxy, type TcpProxy, type TcpProxyOptions } from './tcp-proxy.ts';
export { createAppBench, type AppBench } from './app-bench.ts';
export { startAppProcess, type AppProcess } from './app-process.ts';
export { jsonCodec, noteContract, type Note } from './json-codec.ts';
export { createKafkaBench, type KafkaBench } from './kafka-bench.ts';
export { createFaultySockets, type FaultySockets } from './faulty-sockets.ts';
export { freePort } from './free-port.ts';
export { recordSpans, type SpanRecorder } from './span-recorder.ts';
export { createInMemoryBroker, type InMemoryBroker, type InMemoryClientOptions } from './in-memory-broker.ts';
export { describeBroker, type BrokerGaps } from './describe-broker.ts';
export { CLIENT_GAPS, type Implementation } from './client-gaps.ts';
export { BROKER_CASES, type BrokerCase } from './broker-cases.ts';
export type { BrokerUnderTest, ClientUnderTest, Compression } from './broker-bench.ts';
export { inMemoryBrokerUnderTest, kafkaUnderTest } from './brokers-under-test.ts';
