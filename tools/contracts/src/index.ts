export { loadContracts } from './load-contracts.ts';
export type { ContractModel, EventModel } from './contract-model.ts';
export { ContractsInvalid } from './problems.ts';
export type { Problem } from './problems.ts';
