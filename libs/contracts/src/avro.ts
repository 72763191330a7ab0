/** What the generator shares with the codec. Apart from the index, because it must run before there is anything generated. */
export { avroType, lazyAvroType } from './avro-type.ts';
export { LOGICAL_TYPES } from './logical-types.ts';
export type { LogicalTypeMapping } from './logical-types.ts';
export { findWrongValues } from './wrong-values.ts';
export { ValueCodec } from './value-codec.ts';
