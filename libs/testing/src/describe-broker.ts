import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerUnderTest } from './broker-bench.ts';
import { BrokerBench } from './broker-bench.ts';
import { BROKER_CASES } from './broker-cases.ts';

/** Why an implementation does not keep a promise, by the name of the case. */
export type BrokerGaps = Readonly<Record<string, string>>;

/**
 * Runs the conformance suite on one implementation of the seam. A case named in `gaps` must fail: when it begins to pass, the gap
 * and its line in the docs have to go.
 */
export function describeBroker(
  name: string,
  open: () => Promise<BrokerUnderTest>,
  gaps: BrokerGaps = {},
): void {
  describe(`${name} keeps what the library needs of a Kafka client`, () => {
    let bench: BrokerBench;
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => void unhandled.push(reason);

    beforeAll(async () => {
      process.on('unhandledRejection', onUnhandled);
      bench = new BrokerBench(await open());
    });

    afterEach(async () => {
      await bench.cleanUp();
      expect(unhandled.splice(0)).toEqual([]);
    });

    afterAll(async () => {
      await bench.close();
      process.off('unhandledRejection', onUnhandled);
    });

    for (const [area, cases] of Map.groupBy(BROKER_CASES, (each) => each.area)) {
      describe(area, () => {
        for (const each of cases) {
          const test = gaps[each.name] === undefined ? it : it.fails;
          test(each.name, () => each.run(bench));
        }
      });
    }
  });
}
