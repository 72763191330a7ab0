import { choice, dashboard, figure, graph, heading } from './build.ts';

const IN = 'namespace=~"$namespace"';

/** One page that says whether events flow. */
export const overview = dashboard({
  uid: 'eda-overview',
  title: 'EDA / Overview',
  description:
    'Whether events flow: from the services by their outboxes to Kafka, and from there to their consumers.',
  variables: [choice('namespace', 'Namespace', 'messaging_client_sent_messages_total', 'namespace')],
  panels: [
    figure({
      title: 'Critical alerts',
      description: 'Alerts that fire and need somebody now. Their runbooks stand in docs/runbooks.',
      unit: 'none',
      show: { alerts: 'count(ALERTS{alertstate="firing", severity="critical"}) or vector(0)' },
      limits: { bad: 1 },
    }),
    figure({
      title: 'Warnings',
      description: 'Alerts that fire and can wait until tomorrow.',
      unit: 'none',
      show: { alerts: 'count(ALERTS{alertstate="firing", severity="warning"}) or vector(0)' },
      limits: { warning: 1 },
    }),
    figure({
      title: 'Offline partitions',
      description: 'Partitions without a leader: they can neither be written nor read.',
      unit: 'none',
      show: { partitions: 'max(kafka_controller_kafkacontroller_offlinepartitionscount)' },
      limits: { bad: 1 },
    }),
    figure({
      title: 'Services down',
      description: 'Pods of services that do not answer Prometheus.',
      unit: 'none',
      show: { pods: `count(up{${IN}, service!=""} == 0) or vector(0)` },
      limits: { bad: 1 },
    }),
    figure({
      title: 'Dead letters',
      description: 'Records that were put aside in the time shown.',
      unit: 'none',
      show: { records: `sum(increase(messaging_consumer_dead_lettered_total{${IN}}[$__range]))` },
      limits: { warning: 1 },
    }),
    figure({
      title: 'Parked keys',
      description: 'Keys that wait behind a record which fails.',
      unit: 'none',
      show: {
        keys: `sum(max by (messaging_consumer_group_name, messaging_destination_name) (messaging_consumer_parked_keys{${IN}}))`,
      },
      limits: { warning: 1 },
    }),
    heading('In'),
    graph({
      title: 'Movements',
      description: 'Movements that the store accepted, by reason.',
      unit: 'ops',
      show: { '{{reason}}': `sum by (reason) (rate(store_movements_total{${IN}}[$__rate_interval]))` },
    }),
    graph({
      title: 'Oldest event in an outbox',
      description:
        'How long the oldest event waits that is committed and not acknowledged by Kafka. 0 is none.',
      unit: 's',
      show: { '{{service}}': `max by (service) (messaging_outbox_oldest_age_seconds{${IN}})` },
      limits: { bad: 60 },
    }),
    graph({
      title: 'Published',
      description: 'Records that Kafka acknowledged, by topic.',
      unit: 'ops',
      show: {
        '{{messaging_destination_name}}': `sum by (messaging_destination_name) (rate(messaging_client_sent_messages_total{${IN}}[$__rate_interval]))`,
      },
    }),
    heading('Out'),
    graph({
      title: 'Handled',
      description: 'Records that a group received and decided, whatever the outcome.',
      unit: 'ops',
      show: {
        '{{messaging_consumer_group_name}} {{messaging_destination_name}}': `sum by (messaging_consumer_group_name, messaging_destination_name) (eda:consumed:rate5m{${IN}})`,
      },
    }),
    graph({
      title: 'Lag',
      description: 'Records that a group has before it.',
      unit: 'short',
      show: {
        '{{messaging_consumer_group_name}} {{messaging_destination_name}}': `eda:consumer_lag:sum{${IN}}`,
      },
      limits: { warning: 100 },
    }),
    graph({
      title: 'Age of events',
      description: 'How old 99 of 100 records are at most when they have been handled.',
      unit: 's',
      show: {
        '{{messaging_consumer_group_name}} {{messaging_destination_name}}': `eda:event_age:p99_5m{${IN}}`,
      },
      limits: { warning: 60 },
    }),
  ],
});
