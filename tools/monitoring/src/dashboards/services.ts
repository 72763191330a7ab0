import { choice, dashboard, figure, graph, heading } from './build.ts';

const IN = 'namespace=~"$namespace", service=~"$service"';

/** HTTP, outboxes and processes of our services. */
export const services = dashboard({
  uid: 'eda-services',
  title: 'EDA / Services',
  description: 'Our services: HTTP, what they publish, and how their processes do.',
  variables: [
    choice('namespace', 'Namespace', 'process_uptime_seconds', 'namespace'),
    choice('service', 'Service', 'process_uptime_seconds{namespace=~"$namespace"}', 'service'),
  ],
  panels: [
    figure({
      title: 'Pods up',
      description: 'Pods that answer Prometheus.',
      unit: 'none',
      show: { pods: `sum(up{${IN}})` },
    }),
    figure({
      title: 'Requests',
      description: 'Requests a second, without probes.',
      unit: 'reqps',
      show: { requests: `sum(eda:http_requests:rate5m{${IN}})` },
    }),
    figure({
      title: 'Errors',
      description: 'Share of requests that end with status 5xx.',
      unit: 'percentunit',
      show: {
        errors: `(sum(eda:http_requests:rate5m{${IN}, http_response_status_code=~"5.."}) or vector(0)) / sum(eda:http_requests:rate5m{${IN}})`,
      },
      limits: { warning: 0.005, bad: 0.01 },
    }),
    figure({
      title: 'Blocked keys',
      description: 'Keys in outboxes that wait behind an event which Kafka refuses.',
      unit: 'none',
      show: { keys: `sum(max by (service) (messaging_outbox_blocked{${IN}}))` },
      limits: { bad: 1 },
    }),
    figure({
      title: 'First certificate to end',
      description: 'Time until the first certificate in use is no longer valid.',
      unit: 's',
      show: { time: `min(messaging_client_credentials_time_to_expiry_seconds{${IN}})` },
      limits: { warning: 604_800, bad: 86_400, below: true },
    }),
    figure({
      title: 'Stale credentials',
      description: 'Pods that cannot use their mounted credentials and go on with older ones.',
      unit: 'none',
      show: { pods: `sum(messaging_client_credentials_stale{${IN}})` },
      limits: { bad: 1 },
    }),
    heading('HTTP'),
    graph({
      title: 'Requests by status',
      description: 'Requests a second by service and status, without probes.',
      unit: 'reqps',
      show: {
        '{{service}} {{http_response_status_code}}': `sum by (service, http_response_status_code) (eda:http_requests:rate5m{${IN}})`,
      },
    }),
    graph({
      title: 'Time of a request',
      description:
        'In which time 99 of 100 requests are answered, by route. Streams take as long as somebody listens.',
      unit: 's',
      show: {
        '{{service}} {{http_route}}': `histogram_quantile(0.99, sum by (service, http_route, le) (rate(http_server_request_duration_seconds_bucket{${IN}}[$__rate_interval])))`,
      },
      limits: { warning: 1 },
    }),
    graph({
      title: 'Requests in work',
      description: 'Requests that are not answered yet.',
      unit: 'short',
      show: { '{{service}}': `sum by (service) (http_server_active_requests{${IN}})` },
    }),
    heading('Publishing'),
    graph({
      title: 'Outbox',
      description: 'Events that are committed and not acknowledged by Kafka.',
      unit: 'short',
      show: { '{{service}}': `max by (service) (messaging_outbox_pending{${IN}})` },
      limits: { warning: 100 },
    }),
    graph({
      title: 'Failed batches',
      description: 'Batches that Kafka did not acknowledge, by reason.',
      unit: 'ops',
      show: {
        '{{service}} {{error_type}}': `sum by (service, error_type) (rate(messaging_client_operation_duration_seconds_count{${IN}, error_type!=""}[$__rate_interval]))`,
      },
    }),
    graph({
      title: 'Producer buffer',
      description: 'Memory taken by records on their way. At 32 MiB new ones are refused.',
      unit: 'bytes',
      show: { '{{pod}}': `max by (pod) (messaging_producer_accumulator_bytes{${IN}})` },
      limits: { warning: 26_843_545 },
    }),
    heading('Processes'),
    graph({
      title: 'Event loop delay',
      description: 'How late the event loop is: 99 of 100 turns are below.',
      unit: 's',
      show: { '{{pod}}': `max by (pod) (nodejs_eventloop_delay_seconds{${IN}, stat="p99"})` },
      limits: { warning: 0.5 },
    }),
    graph({
      title: 'Event loop utilization',
      description: 'Share of time in which the event loop is busy.',
      unit: 'percentunit',
      show: { '{{pod}}': `max by (pod) (nodejs_eventloop_utilization{${IN}})` },
      limits: { warning: 0.9 },
    }),
    graph({
      title: 'Memory',
      description: 'Resident memory of each process.',
      unit: 'bytes',
      show: { '{{pod}}': `max by (pod) (process_memory_usage_bytes{${IN}, kind="rss"})` },
      limits: { warning: 241_591_910 },
    }),
    graph({
      title: 'CPU',
      description: 'CPU that each process uses; 1 is one core.',
      unit: 'short',
      show: { '{{pod}}': `sum by (pod) (rate(process_cpu_time_seconds_total{${IN}}[$__rate_interval]))` },
    }),
    graph({
      title: 'Uptime',
      description: 'Time since each process started. A line that falls to 0 is a start.',
      unit: 's',
      show: { '{{pod}}': `max by (pod) (process_uptime_seconds{${IN}})` },
    }),
  ],
});
