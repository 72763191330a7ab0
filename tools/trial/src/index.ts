/** What others try apps on a cluster with: its pods, and the load that counts what is lost. */
export { SIMULATOR } from './apps.ts';
export { Cluster } from './cluster.ts';
export { TrialError } from './errors.ts';
export { type Judgement, judgeLoad, playGolden, startLoad } from './load.ts';
