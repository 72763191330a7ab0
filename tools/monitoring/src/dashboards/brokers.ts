import { choice, dashboard, figure, graph, heading } from './build.ts';

const IN = 'namespace=~"$namespace", strimzi_io_cluster=~"$cluster"';

/** The cluster of Kafka. */
export const brokers = dashboard({
  uid: 'eda-brokers',
  title: 'EDA / Brokers',
  description: 'Brokers and controllers of Kafka, as Strimzi’s Metrics Reporter tells them.',
  variables: [
    choice('namespace', 'Namespace', 'kafka_server_replicamanager_partitioncount', 'namespace'),
    choice(
      'cluster',
      'Cluster',
      'kafka_server_replicamanager_partitioncount{namespace=~"$namespace"}',
      'strimzi_io_cluster',
    ),
  ],
  panels: [
    figure({
      title: 'Nodes',
      description: 'Nodes of the cluster that answer Prometheus.',
      unit: 'none',
      show: { nodes: `sum(up{${IN}, strimzi_io_name=~".+-kafka"})` },
    }),
    figure({
      title: 'Active controllers',
      description: 'Exactly one is right.',
      unit: 'none',
      show: { controllers: `sum(kafka_controller_kafkacontroller_activecontrollercount{${IN}})` },
      limits: { bad: 1, below: true },
    }),
    figure({
      title: 'Fenced brokers',
      description: 'Brokers that are registered and may not serve.',
      unit: 'none',
      show: { brokers: `max(kafka_controller_kafkacontroller_fencedbrokercount{${IN}})` },
      limits: { warning: 1 },
    }),
    figure({
      title: 'Offline partitions',
      description: 'Partitions without a leader.',
      unit: 'none',
      show: { partitions: `max(kafka_controller_kafkacontroller_offlinepartitionscount{${IN}})` },
      limits: { bad: 1 },
    }),
    figure({
      title: 'Under min. in-sync replicas',
      description: 'Partitions that refuse records with acks=all.',
      unit: 'none',
      show: { partitions: `sum(kafka_server_replicamanager_underminisrpartitioncount{${IN}})` },
      limits: { bad: 1 },
    }),
    figure({
      title: 'Under-replicated',
      description: 'Partitions with replicas that are not in sync.',
      unit: 'none',
      show: { partitions: `sum(kafka_server_replicamanager_underreplicatedpartitions{${IN}})` },
      limits: { warning: 1 },
    }),
    heading('Traffic'),
    graph({
      title: 'Records in',
      description: 'Records that brokers take, by topic.',
      unit: 'ops',
      show: { '{{topic}}': `sum by (topic) (eda:kafka_messages_in:rate5m{${IN}})` },
    }),
    graph({
      title: 'Bytes in',
      description: 'Bytes that each broker takes from clients.',
      unit: 'Bps',
      show: {
        '{{pod}}': `sum by (pod) (rate(kafka_server_brokertopicmetrics_bytesinpersec_total{${IN}, topic=""}[$__rate_interval]))`,
      },
    }),
    graph({
      title: 'Bytes out',
      description: 'Bytes that each broker gives to clients.',
      unit: 'Bps',
      show: {
        '{{pod}}': `sum by (pod) (rate(kafka_server_brokertopicmetrics_bytesoutpersec_total{${IN}, topic=""}[$__rate_interval]))`,
      },
    }),
    heading('Work'),
    graph({
      title: 'Idle request handlers',
      description: 'Share of time that the request handlers of a broker have nothing to do.',
      unit: 'percentunit',
      show: {
        '{{pod}}': `rate(kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_total{${IN}}[$__rate_interval]) / 1e9`,
      },
      limits: { bad: 0.2, below: true },
    }),
    graph({
      title: 'Time of a request',
      description:
        'In which time 99 of 100 requests were answered lately, by kind. Fetches of consumers wait for records.',
      unit: 'ms',
      show: {
        '{{request}} {{pod}}': `max by (request, pod) (kafka_network_requestmetrics_totaltimems{${IN}, request=~"Produce|FetchConsumer|FetchFollower", quantile="0.99"})`,
      },
    }),
    graph({
      title: 'Partitions of a broker',
      description: 'Replicas that a broker holds, and how many of them it leads.',
      unit: 'short',
      show: {
        'replicas {{pod}}': `sum by (pod) (kafka_server_replicamanager_partitioncount{${IN}})`,
        'leaders {{pod}}': `sum by (pod) (kafka_server_replicamanager_leadercount{${IN}})`,
      },
    }),
    heading('Disk'),
    graph({
      title: 'Free disk',
      description: 'Share of each volume that is free. Kafka holds producers back at a tenth.',
      unit: 'percentunit',
      show: {
        '{{persistentvolumeclaim}}':
          'kubelet_volume_stats_available_bytes{namespace=~"$namespace"} / kubelet_volume_stats_capacity_bytes{namespace=~"$namespace"}',
      },
      limits: { warning: 0.25, bad: 0.12, below: true },
      width: 12,
    }),
    graph({
      title: 'Log of a topic',
      description: 'Bytes of all replicas of a topic.',
      unit: 'bytes',
      show: { '{{topic}}': `sum by (topic) (kafka_log_log_size{${IN}})` },
      width: 12,
    }),
  ],
});
