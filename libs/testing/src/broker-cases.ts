import type { BrokerBench } from './broker-bench.ts';
import { CONSUMER_CASES } from './broker-consumer-cases.ts';
import { GROUP_CASES } from './broker-group-cases.ts';
import { PRODUCER_CASES } from './broker-producer-cases.ts';
import { READER_CASES } from './broker-reader-cases.ts';

/** One promise that every implementation of the seam is asked to keep. */
export interface BrokerCase {
  readonly area: string;
  /** A sentence that is true when the case passes; the name in the docs. */
  readonly name: string;
  run(bench: BrokerBench): Promise<void>;
}

/** The conformance suite of the seam. */
export const BROKER_CASES: readonly BrokerCase[] = [
  ...PRODUCER_CASES,
  ...READER_CASES,
  ...GROUP_CASES,
  ...CONSUMER_CASES,
];
