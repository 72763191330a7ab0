export { createKafkaAdmin } from './admin.ts';
export type { KafkaAdmin, PartitionLag, TopicDifference } from './admin.ts';
export type { Backoff } from './backoff.ts';
export { classify } from './classify.ts';
export { createKafkaClient, KAFKA_CLIENTS } from './client.ts';
export { kafkaClientFromConfig } from './client-from-config.ts';
export type { KafkaConnectionConfig } from './client-from-config.ts';
export type { KafkaClientName, KafkaClientOptions } from './client.ts';
export { AppendError, SessionLost } from './client-types.ts';
export type {
  AppendFailure,
  ClientAdmin,
  ClientConsumer,
  ClientConsumerOptions,
  ClientProducer,
  ClientReader,
  FetchedBatch,
  KafkaClient,
  PartitionBounds,
  ReadPosition,
  ReadResult,
  SocketFactory,
  TopicSpec,
  WireRecord,
} from './client-types.ts';
export { COMPRESSIONS } from './compression.ts';
export type { Compression } from './compression.ts';
export { createConsumer } from './consumer.ts';
export type { Consumer, ConsumerHealth, ConsumerOptions } from './consumer-types.ts';
export { fixedCredentials } from './credentials.ts';
export { credentialsHealth } from './credentials-health.ts';
export type {
  Credentials,
  CredentialsSource,
  SaslCredentials,
  SaslMechanism,
  SecurityProtocol,
  TlsCredentials,
} from './credentials.ts';
export { credentialsFromDirectory } from './credentials-directory.ts';
export type { CredentialsDirectoryOptions } from './credentials-directory.ts';
export { causedBy, runCausedBy } from './correlation.ts';
export { DEAD_LETTER_PREFIX, deadLetterTopic, describeDeadLetter, REDRIVEN_HEADER } from './dead-letter.ts';
export type { DeadLetter, ForeignRecord, RedrivenMarker, RedriveRunRecord } from './dead-letter.ts';
export { encodeEvent } from './encode-event.ts';
export type { EncodeEventArguments } from './encode-event.ts';
export {
  AccessDenied,
  BufferExhausted,
  Closed,
  ConsumerStopped,
  CredentialsInvalid,
  DeadlineExceeded,
  DeliveryUnknown,
  HandlerTimeout,
  InvalidRecord,
  NotSent,
  PermanentError,
  RecordRejected,
  RecordTooLarge,
  RedriveRefused,
  TransientError,
  UnknownTopic,
} from './errors.ts';
export type { ErrorDetails, Verdict } from './errors.ts';
export { newEventId } from './event-id.ts';
export { pruneInbox } from './inbox-retention.ts';
export type { MetricsOptions } from './metrics.ts';
export { KAFKA_MIGRATIONS } from './migrations.ts';
export type { Migration } from './migrations.ts';
export { murmur2, partitionOf } from './murmur2.ts';
export { createOutbox } from './outbox.ts';
export type { EncodedEvents, Outbox, OutboxEvent, OutboxOptions } from './outbox.ts';
export { createOutboxRelay } from './outbox-relay.ts';
export type { OutboxRelay, OutboxRelayOptions, RelayHealth } from './outbox-relay.ts';
export { createParkedKeys } from './parked-keys.ts';
export type { ParkedKey, ParkedKeys, ParkedKeysOptions } from './parked-keys.ts';
export type { OnOutOfRange, StartFrom } from './positions.ts';
export { createProducer } from './producer.ts';
export type { ProducerOptions } from './producer.ts';
export { redrive, redriveMany } from './redrive.ts';
export type { RedriveManyOptions, RedriveOptions, RedriveResult } from './redrive.ts';
export type { RedriveFilter } from './redrive-filter.ts';
export { planRedrive } from './redrive-plan.ts';
export type { PlannedLetter, PlanRedriveOptions, RedrivePlan, RedriveProgress } from './redrive-plan.ts';
export { RETRY_PREFIX, retryTopic } from './retry-topic.ts';
export { subscribe, subscribeBatch } from './subscription.ts';
export type { ParkingPolicy, RetryPolicy, Subscription } from './subscription.ts';
export { createTail } from './tail.ts';
export type { Tail, TailOptions } from './tail.ts';
export type {
  BatchHandler,
  EventCodec,
  EventContract,
  EventEnvelope,
  Handler,
  HandlerContext,
  OutgoingRecord,
  Producer,
  PublishManyOptions,
  PublishOptions,
  RawHeaders,
  RawRecord,
  ReceivedRecord,
  RecordMetadata,
  SendManyOptions,
} from './types.ts';
