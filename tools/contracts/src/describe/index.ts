export { describeContracts } from './describe-contracts.ts';
export type { ContractsDescription, DescribedEvent, VersionDescription } from './describe-contracts.ts';
export type { FieldOfEvent } from './describe-events.ts';
export { kept } from './kept.ts';
