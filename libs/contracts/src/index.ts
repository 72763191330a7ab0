export { fromKafkaHeaders, toKafkaHeaders } from './cloudevents.ts';
export type { CloudEventAttributes, HeaderValues } from './cloudevents.ts';
export { createCodec } from './codec.ts';
export type { EncodedEvent, EncodedRecord, EventCodec, EventEnvelope } from './codec.ts';
export {
  DeserializationError,
  RegistryUnavailableError,
  SerializationError,
  UnknownSchemaError,
} from './errors.ts';
export type { DeserializationCode, Verdict, WrongValue } from './errors.ts';
export type { AnyEventContract, ContractReference, EventContract } from './event-contract.ts';
export { goldenScenario } from './golden-scenario.ts';
export type { GoldenMovement, GoldenScenario } from './golden-scenario.ts';
export { registryRequest } from './registry-request.ts';
export type { RegistryAddress, RegistryAnswer } from './registry-request.ts';
export { createFixedCatalog, createSchemaCatalog } from './schema-catalog.ts';
export type { CatalogEntry, SchemaCatalog, SchemaCatalogOptions, Waiting } from './schema-catalog.ts';
export type { SchemaDefinition, TopicDefinition } from './topics.ts';
export type { Topology, TopologyApp, TopologyOperation } from './topology.ts';
export { withDefaults } from './with-defaults.ts';
export * from './generated/index.ts';
