/** How a kafkajs client takes its credentials at each connection and login, so that it follows their changes without a restart. */
import type { BrokersFunction, Mechanism } from 'kafkajs';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { scramAuthentication } from './client-internals.ts';
import type { SocketFactory } from './client-types.ts';
import type { Credentials, CredentialsSource, SaslCredentials } from './credentials.ts';

/** The parts of a kafkajs configuration that come from credentials. */
export interface ClientSecurity {
  readonly brokers: string[] | BrokersFunction;
  readonly ssl?: true;
  readonly sasl?: Mechanism;
  readonly socketFactory: SocketFactory;
}

/**
 * Returns what one kafkajs instance needs to connect with what `source` holds at that moment. Whether it logs in is fixed when
 * the instance is made; with what, and with which certificates, is asked anew each time. Without a source: plain text.
 */
export function clientSecurity(
  source: CredentialsSource | undefined,
  brokers: readonly string[],
  socketFactory: SocketFactory,
): ClientSecurity {
  if (source === undefined) return { brokers: [...brokers], socketFactory };
  const { tls, sasl } = source.current();
  const contextOf = cachedContext();
  return {
    // A list that is given goes first: it may name brokers as this process reaches them.
    brokers: () => Promise.resolve([...(brokers.length > 0 ? brokers : source.current().brokers)]),
    ...(tls && { ssl: true }),
    ...(sasl && { sasl: loginBy(source, sasl) }),
    socketFactory: (args) => {
      const now = source.current();
      return socketFactory(
        now.tls === undefined ? args : { ...args, ssl: { secureContext: contextOf(now) } },
      );
    },
  };
}

function loginBy(source: CredentialsSource, first: SaslCredentials): Mechanism {
  return {
    mechanism: first.mechanism,
    // One password for the whole of a login, even when it changes meanwhile.
    authenticationProvider: (args) =>
      scramAuthentication(first.mechanism, source.current().sasl ?? first)(args),
  };
}

/** The certificates are parsed once for each version of the credentials. */
function cachedContext(): (credentials: Credentials) => SecureContext {
  let made: { readonly version: string; readonly context: SecureContext } | undefined;
  return ({ version, tls }) => {
    if (made?.version !== version)
      made = { version, context: createSecureContext({ ...tls, minVersion: 'TLSv1.2' }) };
    return made.context;
  };
}
