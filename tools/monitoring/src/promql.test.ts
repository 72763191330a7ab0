import { describe, expect, it } from 'vitest';
import { analyse, type Lookup } from './promql.ts';

const lookup: Lookup = (name) =>
  ({
    requests_total: { kind: 'counter' as const, labels: ['service', 'status'] },
    requests_bucket: { kind: 'counter' as const, labels: ['service', 'le'] },
    lag: { kind: 'gauge' as const, labels: ['group', 'topic'] },
    members: { kind: 'gauge' as const, labels: ['group'] },
  })[name];

const problemsOf = (expression: string) => analyse(expression, lookup).problems;
const labelsOf = (expression: string) => [...analyse(expression, lookup).labels].sort();

describe('an expression that asks for what is not there', () => {
  it.each([
    ['sum(rate(request_total[5m]))', 'asks for request_total, which nothing tells'],
    ['requests_total{state="200"}', 'selects requests_total by the label state, which nothing in it has'],
    ['sum by (topic) (rate(requests_total[5m]))', 'groups by the label topic, which nothing in it has'],
    ['sum without (topic) (members)', 'groups without the label topic, which nothing in it has'],
    [
      'lag and on (service) members',
      'matches on its left side by the label service, which nothing in it has',
    ],
    ['lag and on (topic) members', 'matches on its right side by the label topic, which nothing in it has'],
    [
      'histogram_quantile(0.9, sum by (service) (rate(requests_bucket[5m])))',
      'takes a quantile by the label le, which nothing in it has',
    ],
    ['rate(lag[5m])', 'takes rate() of lag, which is no counter'],
    ['deriv(requests_total[5m])', 'takes deriv() of requests_total, which is a counter'],
    ['{service="a"}', 'selects without the name of a metric'],
    ['sum(lag', 'is no PromQL at position 8, near ""'],
  ])('%s', (expression, problem) => {
    expect(problemsOf(expression)).toContain(problem);
  });

  it('is told all of it at once', () => {
    expect(problemsOf('absent_total / rate(members{topic="a"}[5m])')).toEqual([
      'asks for absent_total, which nothing tells',
      'takes rate() of members, which is no counter',
      'selects members by the label topic, which nothing in it has',
    ]);
  });
});

describe('the labels of a result', () => {
  it.each([
    ['lag', ['group', 'topic']],
    ['sum by (group) (lag) > 0', ['group']],
    ['sum(lag)', []],
    ['sum without (topic) (lag)', ['group']],
    ['topk(3, lag)', ['group', 'topic']],
    ['lag unless on (group) members', ['group', 'topic']],
    ['lag / on (group) members', ['group']],
    ['lag * on (group) group_left () members', ['group', 'topic']],
    ['1 - members', ['group']],
    ['absent(members{group="a", group!="b"})', ['group']],
    ['histogram_quantile(0.9, rate(requests_bucket[5m]))', ['service']],
    ['max_over_time(deriv(lag[5m])[1h:])', ['group', 'topic']],
  ])('%s', (expression, labels) => {
    expect(problemsOf(expression)).toEqual([]);
    expect(labelsOf(expression)).toEqual(labels);
  });
});
