/** The settings of the nodes of a cluster on one machine: as `kafka-settings.ts`, with replicas. */
import { SMALL_BROKER } from './kafka-settings.ts';
import type { KafkaProperties } from './kafka-program.ts';
import { LOOPBACK } from './ports.ts';

/** Protocols of Kafka's listeners. */
export type ListenerProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

/** The listener of clients, the one of brokers among each other, and the one of controllers. */
export const CLIENT_LISTENER = 'CLIENT';
export const BROKER_LISTENER = 'BROKER';
export const CONTROLLER_LISTENER = 'CONTROLLER';

export interface NodeLayout {
  readonly id: number;
  readonly roles: readonly ('broker' | 'controller')[];
  /** Port by listener. */
  readonly ports: Readonly<Record<string, number>>;
  /** `host:port` by listener, where clients shall not use the address itself. */
  readonly advertised: Readonly<Record<string, string>>;
}

export interface ClusterLayout {
  readonly brokers: number;
  /** `id@host:port` of each controller. */
  readonly voters: readonly string[];
  readonly protocols: Readonly<Record<string, ListenerProtocol>>;
}

/** Returns the content of `server.properties` of one node. */
export function clusterNodeSettings(
  node: NodeLayout,
  cluster: ClusterLayout,
  logDir: string,
): KafkaProperties {
  const isBroker = node.roles.includes('broker');
  const address = (name: string) => node.advertised[name] ?? `${LOOPBACK}:${node.ports[name] ?? 0}`;
  const names = Object.keys(node.ports);
  const replicas = Math.min(3, cluster.brokers);
  const inSync = Math.min(2, cluster.brokers);
  const advertisement = () => ({
    'advertised.listeners': names
      .filter((name) => name !== CONTROLLER_LISTENER)
      .map((name) => `${name}://${address(name)}`)
      .join(','),
  });
  return {
    ...SMALL_BROKER,
    'log.dirs': logDir,
    'controller.listener.names': CONTROLLER_LISTENER,
    'process.roles': node.roles.join(','),
    'node.id': node.id,
    'controller.quorum.voters': cluster.voters.join(','),
    'inter.broker.listener.name': BROKER_LISTENER,
    listeners: names.map((name) => `${name}://${LOOPBACK}:${node.ports[name] ?? 0}`).join(','),
    ...(isBroker ? advertisement() : {}),
    'listener.security.protocol.map': Object.entries(cluster.protocols)
      .map(([name, protocol]) => `${name}:${protocol}`)
      .join(','),
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
  };
}
