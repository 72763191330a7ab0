import type { EventModel } from '../contract-model.ts';
import type { ConsumersByTopic } from './consumers.ts';
import type { EarlierEvent } from './earlier-event.ts';
import type { ReaderSchema } from './reader-schemas.ts';
import type { SchemaLocator } from './schema-locator.ts';
import type { SchemaVersion } from './schema-version.ts';

/** One event, as it is now and as it was. */
export interface EventPair {
  readonly event: EventModel;
  /** The event as it is in the files. */
  readonly now: SchemaVersion;
  /** At the ref; undefined when it is new. */
  readonly before: EarlierEvent | undefined;
  /** Newest last. */
  readonly released: readonly SchemaVersion[];
  readonly ref: string;
  readonly locator: SchemaLocator;
}

/** What is around the event, now and at the ref. */
export interface EventContext {
  readonly events: readonly EventModel[];
  readonly consumers: ConsumersByTopic;
  readonly baseConsumers: ConsumersByTopic;
  readonly readers: readonly ReaderSchema[];
  readonly baseReaders: readonly ReaderSchema[];
}
