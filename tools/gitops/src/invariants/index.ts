/** All invariants, in the order in which they are checked. */
import { applications } from './applications.ts';
import { chartPolicies } from './chart-policies.ts';
import { contractRights } from './contract-rights.ts';
import { envFiles } from './env-files.ts';
import { health } from './health.ts';
import type { Invariant } from './invariant.ts';
import { kafkaAccess } from './kafka-access.ts';
import { kafkaFits } from './kafka-fits.ts';
import { kafkaVersions } from './kafka-versions.ts';
import { oneOwner } from './one-owner.ts';
import { order } from './order.ts';
import { projects } from './projects.ts';
import { repositoryAddress } from './repository-address.ts';
import { secrets } from './secrets.ts';
import { teardown } from './teardown.ts';

export const INVARIANTS: readonly Invariant[] = [
  repositoryAddress,
  applications,
  order,
  health,
  projects,
  chartPolicies,
  kafkaFits,
  kafkaVersions,
  contractRights,
  kafkaAccess,
  secrets,
  oneOwner,
  envFiles,
  teardown,
];
