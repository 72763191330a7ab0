/**
 * The acceptance test of the whole system as data: nine movements and the stock they must lead to. The simulator
 * drives it through the store API, tests put it on Kafka directly; both read it from here.
 */

export interface GoldenMovement {
  readonly storeId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly reason: 'SALE' | 'RESTOCK';
}

export interface GoldenScenario {
  /** In the order in which they must be recorded. */
  readonly movements: readonly GoldenMovement[];
  /** Expected stock by item, over all stores. */
  readonly items: Readonly<Record<string, number>>;
  /** Expected stock of every item by store. */
  readonly stores: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/**
 * Returns the golden scenario. With `run`, every store and item gets a name of its own (`Store_1-<run>`), so that
 * the scenario can be played any number of times on one system.
 */
export function goldenScenario(run?: string): GoldenScenario {
  const own = (name: string) => (run === undefined ? name : `${name}-${run}`);
  const moved = (store: number, item: number, change: number): GoldenMovement => ({
    storeId: own(`Store_${store}`),
    sku: own(`Item_${item}`),
    quantity: Math.abs(change),
    reason: change > 0 ? 'RESTOCK' : 'SALE',
  });
  const [item1, item2, item3] = [own('Item_1'), own('Item_2'), own('Item_3')];
  return {
    movements: [
      moved(1, 1, 10),
      moved(1, 2, 5),
      moved(1, 3, 15),
      moved(2, 1, 10),
      moved(3, 1, 10),
      moved(4, 1, 10),
      moved(5, 1, 10),
      moved(1, 2, -5),
      moved(1, 3, -5),
    ],
    items: { [item1]: 50, [item2]: 0, [item3]: 10 },
    stores: {
      [own('Store_1')]: { [item1]: 10, [item2]: 0, [item3]: 10 },
      [own('Store_2')]: { [item1]: 10 },
      [own('Store_3')]: { [item1]: 10 },
      [own('Store_4')]: { [item1]: 10 },
      [own('Store_5')]: { [item1]: 10 },
    },
  };
}
