/** A topic with everything a broker must be told to create it; the list of all topics is generated. */
export interface TopicDefinition {
  /** Logical name, before any topic prefix. */
  readonly name: string;
  readonly kind: 'event' | 'state' | 'retry' | 'dead-letter';
  /** The app that answers for the topic: its only publisher, or the consumer whose dead letters it takes. */
  readonly owner: string;
  readonly partitions: number;
  /** Kafka topic configuration, for example `retention.ms` in milliseconds. */
  readonly config: Readonly<Record<string, string>>;
  readonly description: string;
  /** The subject of the value's schema; dead letters have none, their values are whatever came. */
  readonly subject?: string;
  /** The CloudEvents type of the records; absent for dead letters. */
  readonly type?: string;
  /** The field of the event that is the record key; absent for dead letters, which keep the key that came. */
  readonly key?: string;
  /** For dead letters: where they come from. */
  readonly deadLetterOf?: { readonly topic: string; readonly group: string };
  /** For retry topics: where their records come from, and the how manieth they are, counted from 1. */
  readonly retryOf?: { readonly topic: string; readonly group: string; readonly level: number };
}

/** A schema to be registered. */
export interface SchemaDefinition {
  readonly subject: string;
  /** Full name of the Avro record. */
  readonly type: string;
  /** The Avro schema as JSON; self-contained, it refers to no other subject. */
  readonly schema: string;
  /** Compatibility level of the subject, for example `FULL_TRANSITIVE`. */
  readonly compatibility: string;
}
