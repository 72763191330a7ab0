/** All that is tried, in this order. */
import { again } from './again.ts';
import { apps } from './apps.ts';
import { bootstrap } from './bootstrap.ts';
import { confirmation } from './confirmation.ts';
import { drift } from './drift.ts';
import { failingTopic } from './failing-topic.ts';
import { interrupted } from './interrupted.ts';
import type { Step } from './step.ts';
import { teardown } from './teardown.ts';
import { update } from './update.ts';

export const STEPS: readonly Step[] = [
  bootstrap,
  again,
  update,
  apps,
  failingTopic,
  drift,
  teardown,
  interrupted,
  confirmation,
];
