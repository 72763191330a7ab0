/** What breaks each invariant, by its name. */
import type { Broken } from '../broken.setup.ts';
import { BROKEN as applications } from './applications.ts';
import { BROKEN as chartPolicies } from './chart-policies.ts';
import { BROKEN as contractRights } from './contract-rights.ts';
import { BROKEN as envFiles } from './env-files.ts';
import { BROKEN as health } from './health.ts';
import { BROKEN as kafkaAccess } from './kafka-access.ts';
import { BROKEN as kafkaFits } from './kafka-fits.ts';
import { BROKEN as kafkaVersions } from './kafka-versions.ts';
import { BROKEN as oneOwner } from './one-owner.ts';
import { BROKEN as order } from './order.ts';
import { BROKEN as projects } from './projects.ts';
import { BROKEN as repositoryAddress } from './repository-address.ts';
import { BROKEN as secrets } from './secrets.ts';
import { BROKEN as teardown } from './teardown.ts';

export const BROKEN: Readonly<Record<string, readonly Broken[]>> = {
  applications,
  'chart-policies': chartPolicies,
  'contract-rights': contractRights,
  'env-files': envFiles,
  health,
  'kafka-access': kafkaAccess,
  'kafka-fits': kafkaFits,
  'kafka-versions': kafkaVersions,
  'one-owner': oneOwner,
  order,
  projects,
  'repository-address': repositoryAddress,
  secrets,
  teardown,
};
