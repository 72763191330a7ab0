import { TOPOLOGY } from '@eda/contracts';
import { describe, expect, it } from 'vitest';
import { topologyFor } from '../topology.ts';
import { placeTopology } from './topology-layout.ts';

const topology = topologyFor(TOPOLOGY);
const options = { direction: 'LR', observers: false, deadLetters: true } as const;

describe('the layout of the topology', () => {
  const placed = placeTopology(topology, options);

  it('places every app that works and every topic, none on another', () => {
    const works = topology.apps.filter((app) => app.role !== 'observer');
    expect(placed.nodes).toHaveLength(works.length + topology.topics.length);
    for (const [index, a] of placed.nodes.entries()) {
      for (const b of placed.nodes.slice(index + 1)) {
        const apart =
          Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
        expect(apart, `${a.id} and ${b.id}`).toBe(true);
      }
    }
  });

  it('draws an arrow for every flow and every call, from sender to receiver', () => {
    const ids = placed.edges.map((edge) => edge.id);
    expect(ids).toContain('app:store>topic:retail.stock-moved.v1');
    expect(ids).toContain('topic:retail.stock-moved.v1>app:inventory');
    expect(ids).toContain('app:store-simulator>app:store');
    expect(placed.edges.every((edge) => edge.path.startsWith('M '))).toBe(true);
  });

  it('runs from left to right, or from top to bottom on a phone', () => {
    const at = (nodes: typeof placed.nodes, id: string) =>
      nodes.find((node) => node.id === id) ?? { x: NaN, y: NaN };
    expect(at(placed.nodes, 'app:store').x).toBeLessThan(at(placed.nodes, 'app:inventory').x);
    const { nodes } = placeTopology(topology, { ...options, direction: 'TB' });
    expect(at(nodes, 'app:store').y).toBeLessThan(at(nodes, 'app:inventory').y);
  });

  it('shows observers and leaves out dead letters when asked to', () => {
    const ids = placeTopology(topology, { ...options, observers: true, deadLetters: false }).nodes.map(
      (node) => node.id,
    );
    expect(ids).toContain('app:console');
    expect(ids.filter((id) => id.endsWith('.dlq'))).toEqual([]);
  });
});
