import type { SchemaDefinition, Topology, TopicDefinition } from '@eda/contracts';
import type { Level } from './level.ts';

/** Any JSON value, as schemas are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A named Avro type (record, enum, fixed) with the names in it resolved. */
export interface NamedType {
  /** For example `eda.retail.v1.MovementReason`. */
  readonly fullName: string;
  readonly name: string;
  readonly namespace: string;
  /** The file that defines it. */
  readonly file: string;
  /** The definition; every reference to another named type in it is a full name. */
  readonly definition: { readonly [key: string]: Json };
}

/** One event: a record with its `.meta.yaml`. */
export interface EventModel {
  readonly record: NamedType;
  readonly meta: EventMeta;
  readonly subject: string;
  /** Self-contained schema as it is registered. */
  readonly schema: string;
  readonly fingerprint: string;
}

/** What an `<Event>.meta.yaml` says, checked. */
export interface EventMeta {
  readonly file: string;
  readonly description: string;
  readonly topic: string;
  readonly class: 'event' | 'state';
  readonly key: string;
  readonly owner: string;
  readonly partitions: number;
  readonly compatibility: string;
  /** Kafka topic configuration. */
  readonly config: Readonly<Record<string, string>>;
  /** Fields with personal data, for example `customer.name`. */
  readonly pii: readonly string[];
  /** What numbers count, by field, for example `{ quantity: pieces }`. */
  readonly units: Readonly<Record<string, string>>;
  /** Breaks that are accepted, with the reason. */
  readonly relax: readonly Relaxation[];
  readonly example: Json;
}

/** A level at which a change of this event is accepted. */
export interface Relaxation {
  readonly level: Level;
  /** The only finding it is for, for example `fields.quantity`; every one of the level when absent. */
  readonly field?: string;
  readonly reason: string;
}

/** All contracts of the repository, consistent with each other. */
export interface ContractModel {
  /** The first part of every namespace. */
  readonly organisation: string;
  /** Every named type, in an order in which each stands behind those it refers to. */
  readonly types: readonly NamedType[];
  readonly events: readonly EventModel[];
  readonly topics: readonly TopicDefinition[];
  readonly schemas: readonly SchemaDefinition[];
  readonly topology: Topology;
}
