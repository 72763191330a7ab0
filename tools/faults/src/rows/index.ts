/** All rows that can be run, in the order of the matrix. */
import type { Row } from '../row.ts';
import { leaderKill, leaderMoves, lostAnswers } from './answers-and-leaders.ts';
import { poison } from './bad-events.ts';
import { consumerKill, producerStop } from './programs-end.ts';

export const ROWS: readonly Row[] = [
  leaderKill,
  lostAnswers,
  leaderMoves,
  producerStop,
  consumerKill,
  poison,
];

/** Few events, the rows that find most, within two minutes: what every test run does. */
export const SHORT_FORM: readonly number[] = [1, 3, 4, 8, 9, 15];
