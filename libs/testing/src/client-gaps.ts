import type { BrokerGaps } from './describe-broker.ts';

export type Implementation = 'kafkajs' | 'platformatic' | 'in memory';

/**
 * What an implementation of the seam is known not to keep, and why. The suite fails when one of these begins to pass, and the
 * table in docs/clients.md is made of them.
 */
export const CLIENT_GAPS: Readonly<Record<Implementation, BrokerGaps>> = {
  kafkajs: {
    'a partition at work does not hold up the records of another':
      'it asks a broker for more only when every batch it got from it is done (tulios/kafkajs#1732, open)',
    'a member can stop while others hold its join back':
      'a consumer that leaves while its join is under way would leave a member behind (tulios/kafkajs#1639, open); it waits for the answer, at most until its deadline',
  },
  platformatic: {},
  'in memory': {},
};
