import { describe, expect, it } from 'vitest';
import { createLagMonitor } from './lag.ts';

const subscriptions = [
  { group: 'inventory', topics: ['retail.stock-moved.v1'] },
  { group: 'replenishment', topics: ['retail.item-stock.v1'] },
];

describe('the lag', () => {
  it('of a group is the sum over its partitions', async () => {
    const monitor = createLagMonitor(
      {
        groupLag: (group) =>
          Promise.resolve(group === 'inventory' ? [{ lag: 3n }, { lag: 4n }] : [{ lag: 0n }]),
      },
      subscriptions,
    );
    expect(monitor.current()).toEqual({});
    await monitor.refresh();
    expect(monitor.current()).toEqual({ inventory: 7, replenishment: 0 });
  });

  it('of a group that cannot be told is left out, and the others are still told', async () => {
    const monitor = createLagMonitor(
      {
        groupLag: (group) =>
          group === 'inventory'
            ? Promise.reject(new Error('no coordinator'))
            : Promise.resolve([{ lag: 1n }]),
      },
      subscriptions,
    );
    await monitor.refresh();
    expect(monitor.current()).toEqual({ replenishment: 1 });
  });
});
