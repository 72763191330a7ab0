/** A cluster that lets in only who can prove to be a known user: one listener for passwords, one for certificates, and ACLs. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { codeOf, PlatformError } from './errors.ts';
import { type KafkaCluster, type KafkaClusterOptions, startKafkaCluster } from './kafka-cluster.ts';
import { pause } from './wait.ts';

const SCRAM_LISTENER = 'SCRAM';
const MTLS_LISTENER = 'MTLS';
const EXCHANGED_WITHIN_MS = 30_000;
const LOOKS = 6;

/** Texts in PEM. */
export interface BrokerCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface SecuredKafkaClusterOptions extends Omit<KafkaClusterOptions, 'listeners' | 'formatArgs'> {
  /** What the brokers show to clients; for 127.0.0.1. */
  readonly certificate: BrokerCertificate;
  /** Certificates in PEM: who may vouch for clients. */
  readonly clientsCa: string;
  /** Users with a password (SCRAM-SHA-512), there from the start. */
  readonly users?: Readonly<Record<string, string>>;
}

/** What a user may do. */
export interface Grant {
  /** As Kafka has them: `User:alice`, `User:CN=alice`. */
  readonly principals: readonly string[];
  readonly topics?: readonly string[];
  readonly operations?: readonly ('Read' | 'Write' | 'Describe' | 'DescribeConfigs' | 'Create')[];
  /** Groups that it may be a member of. */
  readonly groups?: readonly string[];
  /** The same for all groups whose names begin so. */
  readonly groupPrefixes?: readonly string[];
  /** Groups whose positions it may see. */
  readonly watchedGroups?: readonly string[];
}

export interface SecuredKafkaCluster extends AsyncDisposable {
  /** Without encryption, for the test itself: whoever comes here may do everything. */
  readonly adminBrokers: readonly string[];
  /** TLS, login with SCRAM-SHA-512. */
  readonly scramBrokers: readonly string[];
  /** TLS with a client certificate. */
  readonly mtlsBrokers: readonly string[];
  readonly cluster: KafkaCluster;
  allow(grant: Grant): Promise<void>;
  revoke(grant: Grant): Promise<void>;
  /** Gives a user a new password, on the brokers. Connections that are logged in stay. */
  setPassword(user: string, password: string): Promise<void>;
  /** Exchanges what the brokers show and whom they trust, while they run; only new connections notice. */
  exchangeCertificates(certificate: BrokerCertificate, clientsCa: string): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when the brokers serve clients, as `startKafkaCluster` does; the files with keys go away with its folder. */
export async function startSecuredKafkaCluster(
  options: SecuredKafkaClusterOptions,
): Promise<SecuredKafkaCluster> {
  const { certificate, clientsCa, users = {}, settings, ...rest } = options;
  const folder = resolve(options.folder);
  const keys = join(folder, 'certificates');
  const files = storeWriter(keys);
  const removeKeys = () => {
    rmSync(keys, { recursive: true, force: true });
  };
  const cluster = await startKafkaCluster({
    ...rest,
    folder: join(folder, 'cluster'),
    listeners: { [SCRAM_LISTENER]: 'SASL_SSL', [MTLS_LISTENER]: 'SSL' },
    formatArgs: Object.entries(users).flatMap(([name, password]) => [
      '--add-scram',
      `SCRAM-SHA-512=[name=${name},password=${password}]`,
    ]),
    settings: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      // The brokers among each other, and the test itself, come in without encryption and without a name.
      'super.users': 'User:ANONYMOUS',
      'listener.name.scram.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.scram.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'listener.name.mtls.ssl.client.auth': 'required',
      ...storeSettings(files.write(certificate, clientsCa)),
      ...settings,
    },
  }).catch((error: unknown) => {
    removeKeys();
    throw error;
  });
  const stop = async () => {
    await cluster.stop();
    removeKeys();
  };
  const { nodes } = cluster;
  const [first] = nodes;
  const addresses = (listener: string) =>
    nodes.map(({ address, ports }) => `${address.split(':')[0] ?? ''}:${ports[listener] ?? 0}`);
  const run = async (mainClass: string, ...args: string[]) => {
    const program = cluster.java(mainClass, '--bootstrap-server', first?.internalAddress ?? '', ...args);
    try {
      await promisify(execFile)(program.command, ['-XX:TieredStopAtLevel=1', ...program.args]);
    } catch (error) {
      const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
      throw new PlatformError(
        `${mainClass} failed (${codeOf(error) ?? 'exit'}):\n${(stderr || stdout).trim()}`,
      );
    }
  };
  const change = async (how: '--add' | '--remove', grant: Grant) => {
    const {
      principals,
      topics = [],
      operations = [],
      groups = [],
      groupPrefixes = [],
      watchedGroups = [],
    } = grant;
    const resources = (option: string, names: readonly string[]) => names.flatMap((name) => [option, name]);
    const acl = (...what: string[]) =>
      run(
        'org.apache.kafka.tools.AclCommand',
        how,
        '--force',
        ...resources('--allow-principal', principals),
        ...what,
      );
    if (topics.length > 0)
      await acl(...resources('--operation', operations), ...resources('--topic', topics));
    if (groups.length > 0) await acl('--operation', 'Read', ...resources('--group', groups));
    if (groupPrefixes.length > 0)
      await acl(
        ...['--operation', 'Read', '--resource-pattern-type', 'prefixed'],
        ...resources('--group', groupPrefixes),
      );
    if (watchedGroups.length > 0)
      await acl('--operation', 'Describe', ...resources('--group', watchedGroups));
  };
  return {
    cluster,
    adminBrokers: cluster.brokers,
    scramBrokers: addresses(SCRAM_LISTENER),
    mtlsBrokers: addresses(MTLS_LISTENER),
    allow: (grant) => change('--add', grant),
    revoke: (grant) => change('--remove', grant),
    setPassword: (user, password) =>
      run(
        'kafka.admin.ConfigCommand',
        '--alter',
        '--entity-type',
        'users',
        '--entity-name',
        user,
        '--add-config',
        `SCRAM-SHA-512=[password=${password}]`,
      ),
    async exchangeCertificates(newCertificate, newClientsCa) {
      const changed = Object.entries(storeSettings(files.write(newCertificate, newClientsCa)));
      for (const { id } of nodes) {
        await run(
          'kafka.admin.ConfigCommand',
          '--alter',
          '--entity-type',
          'brokers',
          '--entity-name',
          String(id),
          '--add-config',
          changed.map(([name, value]) => `${name}=${value}`).join(','),
        );
      }
      // The program is content when the change is written down; each broker takes it up a little later.
      const { fingerprint256 } = new X509Certificate(newCertificate.cert);
      const patience = AbortSignal.timeout(EXCHANGED_WITHIN_MS);
      for (const address of [...addresses(SCRAM_LISTENER), ...addresses(MTLS_LISTENER)]) {
        // A listener has several threads, which take turns and exchange one after another.
        for (let inARow = 0; inARow < LOOKS; inARow += 1) {
          if ((await shownCertificate(address)) === fingerprint256) continue;
          inARow = -1;
          await pause(50, patience);
        }
      }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The fingerprint of the certificate that a broker shows. */
function shownCertificate(address: string): Promise<string> {
  const [host = '', port] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

interface Stores {
  readonly keystore: string;
  readonly truststore: string;
}

/** Writes each generation of certificates to files of its own: brokers notice a new name, and old ones stay readable. */
function storeWriter(folder: string) {
  let generation = 0;
  return {
    write({ cert, key }: BrokerCertificate, clientsCa: string): Stores {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      generation += 1;
      const keystore = join(folder, `broker-${generation}.pem`);
      const truststore = join(folder, `clients-${generation}.pem`);
      writeFileSync(keystore, key + cert, { mode: 0o600 });
      writeFileSync(truststore, clientsCa);
      return { keystore, truststore };
    },
  };
}

/** For each secured listener by itself: only so can brokers exchange them while they run. */
function storeSettings({ keystore, truststore }: Stores): Record<string, string> {
  return Object.fromEntries(
    [SCRAM_LISTENER, MTLS_LISTENER].flatMap((listener) => {
      const prefix = `listener.name.${listener.toLowerCase()}.ssl`;
      return [
        [`${prefix}.keystore.type`, 'PEM'],
        [`${prefix}.keystore.location`, keystore],
        [`${prefix}.truststore.type`, 'PEM'],
        [`${prefix}.truststore.location`, truststore],
      ];
    }),
  );
}
