/**
 * What two services agree on about one kind of event. The constants of this type (`stockMoved` and its like) are
 * generated from `schemas/`; `Input` is the type with the fields that have a default left out.
 */
export interface EventContract<Event, Input = Event> {
  /** CloudEvents type: the full name of the Avro record, for example `eda.retail.v1.StockMoved`. */
  readonly type: string;
  /** Logical topic name, before any topic prefix. */
  readonly topic: string;
  /** The subject under which the schema is registered: the topic name with `-value`. */
  readonly subject: string;
  /** `event`: a fact, kept for the topic's retention. `state`: the newest record of a key replaces earlier ones. */
  readonly kind: 'event' | 'state';
  /** The Avro schema exactly as it is registered, as JSON. */
  readonly schema: string;
  /** SHA-256 of the schema's Parsing Canonical Form, hexadecimal: equal when two schemas read the same bytes alike. */
  readonly fingerprint: string;
  /** The record key: events with the same key stay in order. */
  key(data: Event): string;
  /** Carries the input type, see `withDefaults`; there is no such value. */
  readonly input?: Input;
}

/** Any contract, whatever its event. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `key` takes the event, so no narrower type admits all
export type AnyEventContract = EventContract<any, any>;

/** Part of `EventContract` that the codec needs; fits the contract type of a Kafka library as well. */
export interface ContractReference<Event> {
  readonly type: string;
  readonly topic: string;
  readonly subject: string;
  key(data: Event): string;
}
