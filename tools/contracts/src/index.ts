export { loadContracts } from './load-contracts.ts';
export type { ContractModel, EventModel } from './contract-model.ts';
export { ContractsInvalid } from './problems.ts';
export type { Finding } from './finding.ts';
export { registerSchemas, SchemaRefused } from './register-schemas.ts';
export type { RegisteredSchema, RegisterSchemasOptions } from './register-schemas.ts';
