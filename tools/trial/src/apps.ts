/** The apps in the order in which they are installed: who is called before who calls. */
import { TOPOLOGY } from '@eda/contracts';

/** Apps with consumers or an HTTP interface; a simulator only drives the others. */
export const SERVICES = ['store', 'inventory', 'replenishment', 'console'] as const;

export const SIMULATOR = 'store-simulator';

/** Apps that keep data in PostgreSQL. */
export const WITH_DATABASE = ['store', 'inventory', 'replenishment'] as const;

/** Users on Kafka: every app that sends or receives. */
export const KAFKA_USERS = TOPOLOGY.apps
  .filter(({ operations }) => operations.length > 0)
  .map(({ name }) => name);
