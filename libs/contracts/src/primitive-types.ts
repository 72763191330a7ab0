/**
 * Avro's primitive types. One of each is enough, they have no state; avsc would make them anew for each schema and each logical
 * type, and compile two functions every time.
 */
import avsc from 'avsc';
import type { Type } from 'avsc';
import { noBranchConstructor } from './lazy-record-type.ts';
import { LONG } from './long-type.ts';

function only(Primitive: new () => Type): Type {
  return new (class extends Primitive {
    _createBranchConstructor(): unknown {
      return noBranchConstructor();
    }
  })();
}

export const PRIMITIVE_TYPES: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['null', only(avsc.types.NullType)],
  ['boolean', only(avsc.types.BooleanType)],
  ['int', only(avsc.types.IntType)],
  ['long', LONG],
  ['float', only(avsc.types.FloatType)],
  ['double', only(avsc.types.DoubleType)],
  ['bytes', only(avsc.types.BytesType)],
  ['string', only(avsc.types.StringType)],
]);
