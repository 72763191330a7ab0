import { TOPOLOGY } from '@eda/contracts';
import { describe, expect, it } from 'vitest';
import { subscriptionsOf, topologyFor } from './topology.ts';

describe('the topology for the page', () => {
  const topology = topologyFor(TOPOLOGY);

  it('has every app and every topic of the contracts', () => {
    expect(topology.apps.map((app) => app.name)).toEqual(TOPOLOGY.apps.map((app) => app.name));
    expect(topology.topics.map((topic) => topic.name)).toEqual(TOPOLOGY.topics.map((topic) => topic.name));
  });

  it('says who sends and who receives', () => {
    const topic = 'retail.stock-moved.v1';
    expect(topology.flows).toContainEqual({ app: 'store', topic, direction: 'sends', aside: false });
    expect(topology.flows).toContainEqual({ app: 'inventory', topic, direction: 'receives', aside: false });
  });

  it('keeps looking on and repairing apart from the work', () => {
    const aside = topology.flows.filter((flow) => flow.aside).map((flow) => flow.app);
    expect(new Set(aside)).toEqual(new Set(['console']));
  });

  it('knows the topics of every consumer group', () => {
    expect(subscriptionsOf(TOPOLOGY)).toEqual(
      expect.arrayContaining([
        { group: 'inventory', topics: ['retail.stock-moved.v1'] },
        { group: 'replenishment', topics: ['retail.item-stock.v1'] },
      ]),
    );
  });
});
