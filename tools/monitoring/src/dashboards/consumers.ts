import { choice, dashboard, figure, graph, heading } from './build.ts';

const IN = 'namespace=~"$namespace", messaging_consumer_group_name=~"$group"';
const BY = 'messaging_consumer_group_name, messaging_destination_name';
const LEGEND = '{{messaging_consumer_group_name}} {{messaging_destination_name}}';

/** Consumer groups: how far behind, how late, and what they could not handle. */
export const consumers = dashboard({
  uid: 'eda-consumers',
  title: 'EDA / Consumers',
  description:
    'Consumer groups: how far behind they are, how late events are handled, and what they could not handle.',
  variables: [
    choice('namespace', 'Namespace', 'messaging_consumer_lag', 'namespace'),
    choice(
      'group',
      'Group',
      'messaging_consumer_lag{namespace=~"$namespace"}',
      'messaging_consumer_group_name',
    ),
  ],
  panels: [
    figure({
      title: 'Lag now',
      description: 'Records that all groups have before them.',
      unit: 'short',
      show: { records: `sum(eda:consumer_lag:sum{${IN}})` },
      limits: { warning: 100 },
    }),
    figure({
      title: 'Age now',
      description: 'How old 99 of 100 records are at most when they have been handled; the worst group.',
      unit: 's',
      show: { age: `max(eda:event_age:p99_5m{${IN}})` },
      limits: { warning: 60 },
    }),
    figure({
      title: 'Dead letters in this time',
      description: 'Records that were put aside in the time shown.',
      unit: 'none',
      show: { records: `sum(increase(messaging_consumer_dead_lettered_total{${IN}}[$__range]))` },
      limits: { warning: 1 },
    }),
    figure({
      title: 'Parked keys now',
      description: 'Keys that wait behind a record which fails.',
      unit: 'none',
      show: { keys: `sum(max by (${BY}) (messaging_consumer_parked_keys{${IN}}))` },
      limits: { warning: 1 },
    }),
    figure({
      title: 'Parked records now',
      description: 'Records of these keys.',
      unit: 'none',
      show: { records: `sum(max by (${BY}) (messaging_consumer_parked_records{${IN}}))` },
      limits: { warning: 1, bad: 500 },
    }),
    figure({
      title: 'Lost in this time',
      description: 'Records that left the log before they were handled.',
      unit: 'none',
      show: { records: `sum(increase(messaging_consumer_lost_total{${IN}}[$__range]))` },
      limits: { bad: 1 },
    }),
    heading('Flow'),
    graph({
      title: 'Lag',
      description: 'Records in the log behind the last decided one.',
      unit: 'short',
      show: { [LEGEND]: `eda:consumer_lag:sum{${IN}}` },
      limits: { warning: 100 },
    }),
    graph({
      title: 'Age of events',
      description: 'How old 99 of 100 records are at most when they have been handled.',
      unit: 's',
      show: { [LEGEND]: `eda:event_age:p99_5m{${IN}}` },
      limits: { warning: 60 },
    }),
    graph({
      title: 'Handled by outcome',
      description: 'Records received and decided.',
      unit: 'ops',
      show: {
        '{{messaging_consumer_group_name}} {{outcome}}': `sum by (messaging_consumer_group_name, outcome) (rate(messaging_client_consumed_messages_total{${IN}}[$__rate_interval]))`,
      },
    }),
    heading('Trouble'),
    graph({
      title: 'Tried again',
      description:
        'Tries after the first, by verdict. transient: something is down; the others: the record fails.',
      unit: 'ops',
      show: {
        '{{messaging_consumer_group_name}} {{verdict}}': `sum by (messaging_consumer_group_name, verdict) (rate(messaging_consumer_retries_total{${IN}}[$__rate_interval]))`,
      },
    }),
    graph({
      title: 'Dead letters',
      description: 'Records put aside; npm run redrive puts them back.',
      unit: 'short',
      show: {
        [LEGEND]: `sum by (${BY}) (increase(messaging_consumer_dead_lettered_total{${IN}}[$__rate_interval]))`,
      },
    }),
    graph({
      title: 'Parked keys',
      description: 'Keys that wait behind a record which fails; npm run parked lists them.',
      unit: 'short',
      show: { [LEGEND]: `max by (${BY}) (messaging_consumer_parked_keys{${IN}})` },
    }),
    graph({
      title: 'Rebalances',
      description: 'How often a group divided its partitions anew.',
      unit: 'short',
      show: {
        '{{messaging_consumer_group_name}}': `max by (messaging_consumer_group_name) (increase(messaging_consumer_rebalances_total{${IN}}[10m]))`,
      },
      limits: { warning: 3 },
    }),
    graph({
      title: 'Time to a decision',
      description: 'Time from the first try of a record to its decision: 99 of 100 are below.',
      unit: 's',
      show: {
        [LEGEND]: `histogram_quantile(0.99, sum by (${BY}, le) (rate(messaging_process_duration_seconds_bucket{${IN}}[$__rate_interval])))`,
      },
    }),
    graph({
      title: 'Handled before',
      description: 'Records whose event the inbox knew: they came a second time and had no second effect.',
      unit: 'ops',
      show: {
        [LEGEND]: `sum by (${BY}) (rate(messaging_consumer_inbox_duplicates_total{${IN}}[$__rate_interval]))`,
      },
    }),
    heading('From outside'),
    graph({
      title: 'Lag as Kafka sees it',
      description:
        'Records behind the committed offset, told by the exporter: also of groups of which nobody runs.',
      unit: 'short',
      show: {
        '{{consumergroup}} {{topic}}':
          'sum by (consumergroup, topic) (kafka_consumergroup_lag_sum{consumergroup=~"$group"})',
      },
      width: 12,
    }),
    graph({
      title: 'Members',
      description: 'Members of a group, told by the exporter.',
      unit: 'short',
      show: {
        '{{consumergroup}}': 'sum by (consumergroup) (kafka_consumergroup_members{consumergroup=~"$group"})',
      },
      width: 12,
    }),
  ],
});
