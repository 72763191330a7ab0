/** The broker settings that processes and containers share: one node, small, quick, and nothing made by accident. */

type Listener = 'HOST' | 'NETWORK' | 'CONTROLLER';

/** What every broker on a developer's machine has, one or several: small, quick, and nothing made by accident. */
export const SMALL_BROKER = {
  // Topics come from the contracts; a misspelt name must fail, not appear.
  'auto.create.topics.enable': false,

  // Somebody waits for each of these at every start.
  'group.initial.rebalance.delay.ms': 0,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.num.partitions': 1,

  // Kafka sizes itself for a server; the cleaner alone would take 128 MB of heap.
  'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
} as const;

export interface KafkaSettingsOptions {
  /** Addresses (`host:port`) to listen on. */
  readonly listeners: Partial<Record<Listener, string>>;
  /** Addresses under which clients reach those listeners. */
  readonly advertised: Partial<Record<Listener, string>>;
  readonly interBroker: Listener;
  /** Address of the controller for the broker beside it. */
  readonly controller: string;
  readonly logDir: string;
}

/** Returns the content of `server.properties`. */
export function kafkaSettings(options: KafkaSettingsOptions): Record<string, string | number | boolean> {
  const { listeners, advertised, interBroker, controller, logDir } = options;
  const urls = (addresses: Partial<Record<Listener, string>>) =>
    Object.entries(addresses)
      .map(([name, address]) => `${name}://${address}`)
      .join(',');
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    listeners: urls(listeners),
    'advertised.listeners': urls(advertised),
    'inter.broker.listener.name': interBroker,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': Object.keys(listeners)
      .map((name) => `${name}:PLAINTEXT`)
      .join(','),
    'log.dirs': logDir,

    // One broker.
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,

    ...SMALL_BROKER,
  };
}
