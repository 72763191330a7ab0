/** All policies, in the order in which they are checked. */
import { currentApis } from './current-apis.ts';
import { disruptionBudgets } from './disruption-budgets.ts';
import { imagePinned } from './image-pinned.ts';
import { jobs } from './jobs.ts';
import { kafkaAcls } from './kafka-acls.ts';
import { kafkaDurability } from './kafka-durability.ts';
import { kafkaListeners } from './kafka-listeners.ts';
import { labelsAndNamespace } from './labels-and-namespace.ts';
import { networkPolicies } from './network-policies.ts';
import { noSecretData } from './no-secret-data.ts';
import { notExposed } from './not-exposed.ts';
import type { Policy } from './policy.ts';
import { ports } from './ports.ts';
import { probes } from './probes.ts';
import { resources } from './resources.ts';
import { restrictedSecurity } from './restricted-security.ts';
import { secretsAsDirectories } from './secrets-as-directories.ts';
import { serviceAccountToken } from './service-account-token.ts';
import { stableSelectors } from './stable-selectors.ts';

export const POLICIES: readonly Policy[] = [
  labelsAndNamespace,
  currentApis,
  imagePinned,
  resources,
  probes,
  restrictedSecurity,
  serviceAccountToken,
  stableSelectors,
  ports,
  networkPolicies,
  disruptionBudgets,
  notExposed,
  secretsAsDirectories,
  noSecretData,
  jobs,
  kafkaListeners,
  kafkaAcls,
  kafkaDurability,
];
