/** Which failures mean "you may not", for any Kafka client: by the broker's error name or the code of Node's TLS, never by text. */
import { AccessDenied } from './errors.ts';

/** What was tried, under the names of the cluster. */
export interface AccessTarget {
  readonly action: 'write' | 'read' | 'describe' | 'manage';
  readonly topics?: readonly string[];
  readonly group?: string;
}

type Reason =
  | 'AUTHENTICATION_FAILED'
  | 'BROKER_UNTRUSTED'
  | 'BROKER_CERTIFICATE_EXPIRED'
  | 'BROKER_NAME_MISMATCH'
  | 'CLIENT_CERTIFICATE_REFUSED';

const WHAT_TO_DO: Readonly<Record<Reason, string>> = {
  AUTHENTICATION_FAILED:
    "the cluster does not know this user with this password: compare the mounted Secret with the KafkaUser's, or wait until a rotation has arrived here",
  BROKER_UNTRUSTED:
    "the broker's certificate is from an authority that is not trusted here: put the cluster's CA into ssl.truststore.crt",
  BROKER_CERTIFICATE_EXPIRED: "the broker's certificate is not valid now: renew it, and compare the clocks",
  BROKER_NAME_MISMATCH:
    "the broker's certificate is for another name: use an address that the listener's certificate lists in bootstrap.servers and advertised.listeners",
  CLIENT_CERTIFICATE_REFUSED:
    "the broker refuses this client's certificate, or gets none: ssl.keystore.crt must be valid and from the clients' CA",
};

const BY_CODE: Readonly<Record<string, Reason>> = {
  SASL_AUTHENTICATION_FAILED: 'AUTHENTICATION_FAILED',
  UNSUPPORTED_SASL_MECHANISM: 'AUTHENTICATION_FAILED',
  SELF_SIGNED_CERT_IN_CHAIN: 'BROKER_UNTRUSTED',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'BROKER_UNTRUSTED',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'BROKER_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT: 'BROKER_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'BROKER_UNTRUSTED',
  CERT_SIGNATURE_FAILURE: 'BROKER_UNTRUSTED',
  CERT_UNTRUSTED: 'BROKER_UNTRUSTED',
  CERT_REJECTED: 'BROKER_UNTRUSTED',
  INVALID_CA: 'BROKER_UNTRUSTED',
  CERT_HAS_EXPIRED: 'BROKER_CERTIFICATE_EXPIRED',
  CERT_NOT_YET_VALID: 'BROKER_CERTIFICATE_EXPIRED',
  ERR_TLS_CERT_ALTNAME_INVALID: 'BROKER_NAME_MISMATCH',
};

/** The alerts with which a broker ends a handshake because of the client's certificate. */
const ALERT =
  /^ERR_SSL_.*ALERT_(?:NO_CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN|REQUIRED)|UNKNOWN_CA|ACCESS_DENIED)$/;

const TOPIC_RIGHTS: Readonly<Record<AccessTarget['action'], string>> = {
  write: 'Write',
  read: 'Read',
  // Asked before anything is sent or fetched; either right includes it.
  describe: 'Write to publish, or Read to consume,',
  manage: 'Create or Delete',
};

function names(kind: string, resources: readonly string[] | undefined): string {
  return resources === undefined || resources.length === 0
    ? `the ${kind}`
    : `${kind} ${resources.join(', ')}`;
}

function missingRight(type: string, { action, topics, group }: AccessTarget): string {
  switch (type) {
    case 'TOPIC_AUTHORIZATION_FAILED':
      return `not allowed to ${action} ${names('topic', topics)}: this client's user needs the ACL ${TOPIC_RIGHTS[action]} on it`;
    case 'GROUP_AUTHORIZATION_FAILED':
      return `not allowed to use ${names('group', group === undefined ? undefined : [group])}: this client's user needs the ACL Read on it`;
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return action === 'write'
        ? "not allowed to write idempotently: this client's user needs the ACL Write on a topic, or IdempotentWrite on the cluster"
        : `not allowed to ${action} the cluster: this client's user needs the ACL for it on the cluster`;
    default:
      return `not allowed (${type}): an ACL of this client's user is missing`;
  }
}

/**
 * Returns the `AccessDenied` for a code: a broker's error name, or the `code` of an error of Node's TLS. Undefined when the code
 * says anything else.
 */
export function accessDeniedByCode(
  code: string,
  target: AccessTarget,
  cause: unknown,
): AccessDenied | undefined {
  if (code.endsWith('_AUTHORIZATION_FAILED'))
    return new AccessDenied(missingRight(code, target), code, cause);
  const reason = ALERT.test(code) ? 'CLIENT_CERTIFICATE_REFUSED' : BY_CODE[code];
  return reason === undefined ? undefined : new AccessDenied(WHAT_TO_DO[reason], reason, cause);
}
