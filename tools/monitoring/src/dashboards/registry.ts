import { choice, dashboard, figure, graph, heading } from './build.ts';

const IN = 'namespace=~"$namespace"';

/** The schema registry. */
export const registry = dashboard({
  uid: 'eda-registry',
  title: 'EDA / Schema registry',
  description: 'Apicurio Registry: whether it answers, how fast, and how its storage in Kafka does.',
  variables: [choice('namespace', 'Namespace', 'rest_requests_seconds_count', 'namespace')],
  panels: [
    figure({
      title: 'Pods up',
      description: 'Pods of the registry that answer Prometheus.',
      unit: 'none',
      show: { pods: `sum(up{${IN}})` },
      limits: { bad: 1, below: true },
      width: 6,
    }),
    figure({
      title: 'Requests',
      description: 'Requests a second. Services keep schemas they know: few requests are right.',
      unit: 'reqps',
      show: { requests: `sum(rate(rest_requests_seconds_count{${IN}}[$__rate_interval]))` },
      width: 6,
    }),
    figure({
      title: 'Errors',
      description: 'Share of requests that end with status 5xx.',
      unit: 'percentunit',
      show: {
        errors: `sum(rate(rest_requests_seconds_count{${IN}, status_code_group="5xx"}[$__rate_interval])) / sum(rate(rest_requests_seconds_count{${IN}}[$__rate_interval]))`,
      },
      limits: { warning: 0.01, bad: 0.05 },
      width: 6,
    }),
    figure({
      title: 'Heap',
      description: 'Used share of the heap; the fullest pod.',
      unit: 'percentunit',
      show: {
        heap: `max(sum by (pod) (jvm_memory_used_bytes{${IN}, area="heap"}) / sum by (pod) (jvm_memory_max_bytes{${IN}, area="heap"} > 0))`,
      },
      limits: { warning: 0.8, bad: 0.9 },
      width: 6,
    }),
    heading('HTTP'),
    graph({
      title: 'Requests by status',
      description: 'Requests a second by group of status codes.',
      unit: 'reqps',
      show: {
        '{{status_code_group}}': `sum by (status_code_group) (rate(rest_requests_seconds_count{${IN}}[$__rate_interval]))`,
      },
    }),
    graph({
      title: 'Time of a request',
      description: 'In which time 99 of 100 requests are answered.',
      unit: 's',
      show: {
        '{{method}}': `histogram_quantile(0.99, sum by (method, le) (rate(rest_requests_seconds_bucket{${IN}}[$__rate_interval])))`,
      },
      limits: { warning: 1 },
    }),
    graph({
      title: 'Requests by path',
      description: 'The ten paths that are asked for most.',
      unit: 'reqps',
      show: {
        '{{method}} {{path}}': `topk(10, sum by (method, path) (rate(rest_requests_seconds_count{${IN}}[$__rate_interval])))`,
      },
    }),
    heading('Storage'),
    graph({
      title: 'Time of a call',
      description:
        'Average time of a call of the storage. A change goes through a topic of Kafka and comes back.',
      unit: 's',
      show: {
        '{{pod}}': `sum by (pod) (rate(storage_method_call_seconds_sum{${IN}}[$__rate_interval])) / sum by (pod) (rate(storage_method_call_seconds_count{${IN}}[$__rate_interval]))`,
      },
      limits: { warning: 0.5 },
    }),
    graph({
      title: 'Calls without success',
      description: 'Calls of the storage that failed. Asking for what is not there counts too.',
      unit: 'ops',
      show: {
        '{{method}}': `topk(5, sum by (method) (rate(storage_method_call_seconds_count{${IN}, success="false"}[$__rate_interval])) > 0)`,
      },
    }),
    graph({
      title: 'Heap of a pod',
      description: 'Used heap in bytes.',
      unit: 'bytes',
      show: { '{{pod}}': `sum by (pod) (jvm_memory_used_bytes{${IN}, area="heap"})` },
    }),
  ],
});
