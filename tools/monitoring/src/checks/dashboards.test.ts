import { describe, expect, it } from 'vitest';
import { choice, dashboard, graph } from '../dashboards/build.ts';
import type { Dashboard, Panel } from '../dashboards/model.ts';
import type { Lookup } from '../promql.ts';
import { lintDashboard, withoutVariables } from './dashboards.ts';

const lookup: Lookup = (name) =>
  name === 'lag' ? { kind: 'gauge', labels: ['namespace', 'group'] } : undefined;

const panel = (show: Record<string, string>, more = {}) =>
  graph({ title: 'Lag', description: 'What it is', unit: 'short', show, ...more });

const built = (...panels: Parameters<typeof dashboard>[0]['panels']) =>
  dashboard({
    uid: 'test',
    title: 'Test',
    description: 'A test',
    variables: [choice('namespace', 'Namespace', 'lag', 'namespace')],
    panels,
  });

const GOOD = panel({ '{{group}}': 'sum by (group) (lag{namespace=~"$namespace"})' });

const changed = (change: (panel: Panel) => Partial<Panel>): Dashboard => {
  const good = built(GOOD);
  return { ...good, panels: good.panels.map((one) => ({ ...one, ...change(one) })) };
};

it('has nothing to say about a good one', () => {
  expect(lintDashboard(built(GOOD), lookup)).toEqual([]);
});

describe('finds', () => {
  it.each<[string, Dashboard, string]>([
    ['two panels of one title', built(GOOD, GOOD), 'two panels are called "Lag".'],
    [
      'a legend by a label that is not there',
      built(panel({ '{{topic}}': 'sum by (group) (lag{namespace=~"$namespace"})' })),
      '"Lag": the legend of query A names topic, which its result does not have.',
    ],
    [
      'a metric that nothing tells',
      built(panel({ a: 'leg{namespace=~"$namespace"}' })),
      '"Lag": query A asks for leg, which nothing tells.',
    ],
    [
      'a variable that nothing uses',
      built(panel({ a: 'sum(lag)' })),
      'the variable namespace is used by nothing.',
    ],
    [
      'a panel without unit',
      changed(() => ({
        fieldConfig: { defaults: { unit: '', thresholds: { mode: 'absolute', steps: [] } }, overrides: [] },
      })),
      '"Lag": has no unit.',
    ],
    ['a panel without description', changed(() => ({ description: '' })), '"Lag": has no description.'],
    [
      'a panel with a datasource of its own',
      changed(() => ({ datasource: { type: 'prometheus', uid: 'mine' } as never })),
      '"Lag": does not take its data from the variable "datasource".',
    ],
    ['a panel that asks for nothing', changed(() => ({ targets: [] })), '"Lag": asks for nothing.'],
    [
      'a variable by a label that is not there',
      {
        ...built(GOOD),
        templating: { list: [...built(GOOD).templating.list, choice('topic', 'Topic', 'lag', 'topic')] },
      },
      'the variable topic asks for the label topic, which nothing in it has.',
    ],
  ])('%s', (_, dashboard, problem) => {
    expect(lintDashboard(dashboard, lookup)).toContain(problem);
  });

  it('panels that lie on each other or share an id', () => {
    const good = built(GOOD);
    const [first] = good.panels;
    const problems = lintDashboard(
      { ...good, panels: first ? [first, { ...first, title: 'Other' }] : [] },
      lookup,
    );
    expect(problems).toEqual(['the id 1 has two panels.', 'the panels "Lag" and "Other" lie on each other.']);
  });
});

it('knows what Grafana puts in place of its variables', () => {
  expect(withoutVariables('rate(a{b=~"$c", d=~"${e}"}[$__rate_interval])')).toBe(
    'rate(a{b=~"x", d=~"x"}[5m])',
  );
});
