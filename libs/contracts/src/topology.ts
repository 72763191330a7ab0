import type { TopicDefinition } from './topics.ts';

/** What an app does with a topic, and why. */
export interface TopologyOperation {
  /** Name of the operation in the app's AsyncAPI document. */
  readonly name: string;
  readonly action: 'send' | 'receive';
  /**
   * `publish`: sends events it owns. `consume`: handles events with a consumer group. `observe`: looks on without a
   * group. `retry`: lets what it cannot handle wait, and reads it again. `dead-letter`: sets aside what it cannot handle. `redrive`:
   * puts dead letters back.
   */
  readonly purpose: 'publish' | 'consume' | 'observe' | 'retry' | 'dead-letter' | 'redrive';
  readonly topic: string;
  readonly summary: string;
  /** The consumer group, when the purpose is `consume`. */
  readonly group?: string;
  /** Where records go that cannot be handled, when the purpose is `consume`. */
  readonly deadLetterTopic?: string;
}

export interface TopologyApp {
  /** Folder name under `apps/`. */
  readonly name: string;
  readonly title: string;
  /** `driver`: makes others work. `producer`, `processor` (consumes and publishes), `consumer`. `observer`: looks on. */
  readonly role: 'driver' | 'producer' | 'processor' | 'consumer' | 'observer';
  readonly description: string;
  /** Apps whose HTTP interface it uses. */
  readonly calls: readonly string[];
  readonly operations: readonly TopologyOperation[];
}

/** Apps and topics, and who sends and receives what: all of it from the AsyncAPI documents and `schemas/`. */
export interface Topology {
  readonly apps: readonly TopologyApp[];
  readonly topics: readonly TopicDefinition[];
}
