import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHART, RUNBOOKS } from './chart.ts';
import { checkMonitoring } from './check-monitoring.ts';
import { copyWorkspace } from './checks/checks.setup.ts';

const WORKSPACE = join(import.meta.dirname, '../../..');
const OUTBOX = `${CHART}/rules/publishing.yaml`;

it('finds nothing wrong with what is here', async () => {
  expect(await checkMonitoring(WORKSPACE)).toEqual([]);
});

describe('finds', () => {
  it.each([
    [
      'a metric that nothing tells',
      OUTBOX,
      '(messaging_outbox_blocked)',
      '(messaging_outbox_blockd)',
      /OutboxBlocked: expr asks for messaging_outbox_blockd, which nothing tells/,
    ],
    [
      'a label that a metric does not have',
      OUTBOX,
      'error_type!=',
      'error!=',
      /PublishFails: expr selects messaging_client_operation_duration_seconds_count by the label error,/,
    ],
    [
      'a metric of ours that is renamed',
      'docs/metrics.md',
      '`messaging_outbox_blocked`',
      '`messaging_outbox_stuck`',
      /OutboxBlocked: expr asks for messaging_outbox_blocked,/,
    ],
    [
      'a text that names what the result does not have',
      OUTBOX,
      '{{ $labels.service }} wait behind',
      '{{ $labels.pod }} wait behind',
      /OutboxBlocked: a text names \{\{ \$labels\.pod \}\}/,
    ],
    [
      'a threshold that is no value',
      OUTBOX,
      '[[outboxAgeSeconds]]',
      '[[outboxSeconds]]',
      /\[\[outboxSeconds\]\] is no threshold/,
    ],
    [
      'a value that no rule uses',
      OUTBOX,
      '[[outboxAgeSeconds]]',
      '60',
      /values\.yaml: outboxAgeSeconds is used by no rule/,
    ],
    [
      'an alert without severity',
      OUTBOX,
      'severity: critical',
      'team: a',
      /OutboxOld: needs the label severity, critical or warning/,
    ],
    [
      'an alert that says nothing',
      OUTBOX,
      'summary: Kafka refuses an event',
      'note: a',
      /OutboxBlocked: needs the annotation summary/,
    ],
    [
      'an alert without a page and a page without an alert',
      OUTBOX,
      'alert: OutboxOld',
      'alert: OutboxLate',
      /OutboxLate\.md: is missing|OutboxOld\.md: belongs to no alert/,
    ],
    [
      'an alert that no test sees',
      OUTBOX,
      'alert: OutboxOld',
      'alert: OutboxLate',
      /OutboxLate: no test in .* sees it fire/,
    ],
    [
      'an alert that is never seen silent',
      `${CHART}/promtool/publishing_test.yaml`,
      'exp_samples: []',
      'exp_samples: [{}]',
      /OutboxOld: no test in .* sees it silent/,
    ],
    [
      'a page that lacks a part',
      `${RUNBOOKS}/OutboxOld.md`,
      '## Look',
      '## See',
      /OutboxOld\.md: has no line "## Look"/,
    ],
    [
      'a query on a page that asks for nothing',
      `${RUNBOOKS}/OutboxOld.md`,
      'messaging_outbox_pending',
      'messaging_outbox_waiting',
      /OutboxOld\.md: "max by \(service\) \(messaging_outbox_waiting\)" asks for/,
    ],
    [
      'a page that the index does not lead to',
      `${RUNBOOKS}/README.md`,
      '](OutboxOld.md)',
      '](OutboxGrows.md)',
      /README\.md: does not lead to OutboxOld\.md/,
    ],
    [
      'a dashboard that was changed by hand',
      `${CHART}/dashboards/overview.json`,
      '"refresh": "30s"',
      '"refresh": "5s"',
      /overview\.json: is not what the code says; .* generate/,
    ],
  ])('%s', async (_, file, from, to, problem) => {
    using copy = copyWorkspace();
    copy.edit(file, from, to);
    expect(await checkMonitoring(copy.root)).toContainEqual(expect.stringMatching(problem));
  });

  it('a dashboard that is missing and one that nothing makes', async () => {
    using copy = copyWorkspace();
    const folder = join(copy.root, CHART, 'dashboards');
    rmSync(join(folder, 'brokers.json'));
    writeFileSync(join(folder, 'other.json'), '{}');
    expect(await checkMonitoring(copy.root)).toEqual([
      `${CHART}/dashboards/other.json: is made by nothing; remove it.`,
      `${CHART}/dashboards/brokers.json: is not what the code says; node tools/monitoring/src/main.ts generate writes it.`,
    ]);
  });
});
