/** All rows that can be run, in the order of the matrix. */
import type { Row } from '../row.ts';
import {
  fullDisk,
  leaderKill,
  leaderMoves,
  lostAnswers,
  morePartitions,
  pausedBrokers,
  pausedLeader,
  rollingRestart,
  tooFewReplicas,
} from './answers-and-leaders.ts';
import { noDeadLetterTopic, parkedKeys, poison, slowHandler } from './bad-events.ts';
import { badWeather, offsetsLost, partitioned, retentionPassed, storeDown } from './networks-and-stores.ts';
import {
  clockStep,
  consumerKill,
  consumerStop,
  outboxKill,
  pausedConsumer,
  producerKill,
  producerStop,
  scaling,
} from './programs-end.ts';
import { registryDown } from './schema-registry.ts';

export const ROWS: readonly Row[] = [
  leaderKill,
  rollingRestart,
  lostAnswers,
  leaderMoves,
  tooFewReplicas,
  pausedLeader,
  pausedBrokers,
  producerKill,
  outboxKill,
  producerStop,
  consumerKill,
  consumerStop,
  pausedConsumer,
  partitioned,
  badWeather,
  slowHandler,
  poison,
  parkedKeys,
  storeDown,
  registryDown,
  noDeadLetterTopic,
  offsetsLost,
  retentionPassed,
  morePartitions,
  scaling,
  clockStep,
  fullDisk,
];

/** Few events, the rows that find most, within two minutes: what every test run does. */
export const SHORT_FORM: readonly number[] = [1, 3, 4, 8, 9, 15];
