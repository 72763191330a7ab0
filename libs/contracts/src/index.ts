export * from './errors.ts';
export type { AnyEventContract, ContractReference, EventContract } from './event-contract.ts';
export type { SchemaDefinition, TopicDefinition } from './topics.ts';
export type { Topology, TopologyApp, TopologyOperation } from './topology.ts';
export * from './golden-scenario.ts';
export * from './generated/index.ts';
