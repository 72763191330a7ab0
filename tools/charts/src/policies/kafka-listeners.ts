import type { Policy, Violation } from './policy.ts';

export const kafkaListeners: Policy = {
  name: 'kafka-listeners',
  why: 'A listener without TLS shows records and passwords to the network; one without authentication lets everybody in as nobody.',
  check: ({ objects }) =>
    objects
      .filter(({ kind }) => kind === 'Kafka')
      .flatMap((object) => {
        const { listeners = [], authorization } = ((object.spec ?? {}) as Spec).kafka ?? {};
        const found: Violation[] = [];
        if (authorization?.type === undefined)
          found.push({
            object,
            path: 'spec.kafka.authorization',
            reason: 'is missing, so everybody may do everything; set type simple',
          });
        listeners.forEach(({ name, tls, authentication }, index) => {
          const path = `spec.kafka.listeners[${index}]`;
          if (tls !== true)
            found.push({
              object,
              path: `${path}.tls`,
              reason: `listener ${name} is not encrypted; set true`,
            });
          if (authentication?.type === undefined)
            found.push({
              object,
              path: `${path}.authentication`,
              reason: `listener ${name} asks nobody who they are; set tls or scram-sha-512`,
            });
        });
        return found;
      }),
};

interface Spec {
  readonly kafka?: {
    readonly authorization?: { readonly type?: string };
    readonly listeners?: readonly {
      readonly name: string;
      readonly tls?: boolean;
      readonly authentication?: { readonly type?: string };
    }[];
  };
}
