/** Passwords, certificates and authorities are exchanged while events flow: nothing is lost and nothing happens twice. */
import {
  type Credentials,
  credentialsFromDirectory,
  type CredentialsSource,
  fixedCredentials,
} from '@eda/kafka';
import {
  createCertificateAuthority,
  createMountedSecret,
  type MountedSecret,
  noteContract,
  waitFor,
} from '@eda/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import {
  type CountingConsumer,
  createSecurityBench,
  type Participant,
  participate,
  PASSWORD,
  type SecurityBench,
} from './kafka-security.setup.ts';

const BY_PASSWORD = 'by-password';
const BY_CERTIFICATE = 'by-certificate';
const GROUP = 'counters';

let bench: SecurityBench;

beforeAll(async () => {
  bench = await createSecurityBench(['store', 'locked-out'], {
    // Logins are repeated on the same connection; kafkajs does it 10 s before they run out.
    'connections.max.reauth.ms': 13_000,
  });
  const topics = [BY_PASSWORD, BY_CERTIFICATE];
  await bench.createTopics(...topics);
  await bench.secured.allow({
    principals: ['User:store', 'User:locked-out', 'User:CN=store'],
    operations: ['Read', 'Write'],
    topics,
    groups: [GROUP],
  });
}, 120_000);

afterAll(() => bench[Symbol.asyncDispose]());

/** The files of a Secret as the Access Operator writes it. */
function secretOf({ brokers, protocol, tls, sasl }: Omit<Credentials, 'version'>): Record<string, string> {
  return {
    type: 'kafka',
    provider: 'strimzi',
    'bootstrap.servers': brokers.join(','),
    'security.protocol': protocol,
    ...(tls?.ca && { 'ssl.truststore.crt': tls.ca }),
    ...(tls?.cert && { 'ssl.keystore.crt': tls.cert }),
    ...(tls?.key && { 'ssl.keystore.key': tls.key }),
    ...(sasl && { 'sasl.mechanism': sasl.mechanism, username: sasl.username, password: sasl.password }),
  };
}

function mount(credentials: Omit<Credentials, 'version'>): {
  secret: MountedSecret;
  source: CredentialsSource;
} {
  const secret = createMountedSecret(secretOf(credentials));
  onTestFinished(() => secret[Symbol.dispose]());
  const source = credentialsFromDirectory(secret.path, {
    logger: pino({ level: 'silent' }),
    pollIntervalMs: 100,
  });
  onTestFinished(() => source.close());
  return { secret, source };
}

const taken = (source: CredentialsSource, before: string) =>
  waitFor(() => source.current().version !== before, { description: 'the new credentials are taken' });

interface Load {
  /** When each event was acknowledged, in milliseconds of `performance.now()`. */
  readonly acked: ReadonlyMap<string, number>;
  /** Resolves when that many more events are acknowledged. */
  more(count: number): Promise<void>;
  /** Publishes nothing more; resolves when all that was begun is acknowledged. */
  finish(): Promise<void>;
}

/** Publishes all the time, a few events at once; what is not acknowledged is published again with the same id. */
function publishUnderLoad({ producer }: Participant, topic: string): Load {
  const acked = new Map<string, number>();
  const contract = noteContract(topic);
  let running = true;
  const publishOne = async () => {
    const id = crypto.randomUUID();
    while (!acked.has(id)) {
      try {
        await producer.publish(contract, { key: id, text: 'under load' }, { id });
        acked.set(id, performance.now());
      } catch {
        await delay(20);
      }
    }
  };
  const lane = async () => {
    while (running) {
      await publishOne();
      await delay(50);
    }
  };
  const lanes = Promise.all(Array.from({ length: 4 }, lane));
  onTestFinished(() => {
    running = false;
  });
  return {
    acked,
    async more(count) {
      const goal = acked.size + count;
      await waitFor(() => acked.size >= goal, {
        description: `${count} more events are acknowledged`,
        timeoutMs: 60_000,
      });
    },
    async finish() {
      running = false;
      await lanes;
    },
  };
}

/** The longest time without an acknowledgement, in milliseconds. */
function longestGap(acked: Load['acked'], from = 0): number {
  const times = [...acked.values()].filter((at) => at >= from);
  return Math.round(Math.max(0, ...times.map((at, index) => at - (times[index - 1] ?? at))));
}

async function expectNothingLostNothingTwice(load: Load, counting: CountingConsumer, topic: string) {
  const ids = [...load.acked.keys()];
  await waitFor(async () => (await counting.effects()).size >= ids.length, {
    description: 'every acknowledged event has its effect',
    timeoutMs: 60_000,
  });
  const effects = await counting.effects();
  expect(ids.filter((id) => effects.get(id) !== 1)).toEqual([]);
  const log = await bench.idsIn(topic);
  expect(new Set(log)).toEqual(new Set(ids));
  expect(log).toHaveLength(ids.length);
}

it('follows a new password under load', { timeout: 180_000 }, async () => {
  const { secret, source } = mount(bench.scram('store'));
  const participant = participate(source);
  const counting = await participant.consume(BY_PASSWORD, GROUP);
  const load = publishUnderLoad(participant, BY_PASSWORD);
  await load.more(80);

  // The broker first, the Secret later: there is no moment at which both passwords are valid.
  await bench.secured.setPassword('store', 'the-second-password');
  // Open connections go on; one that a busy machine has to make anew is refused already.
  const acked = load.acked.size;
  await waitFor(() => load.acked.size >= acked + 20 || participant.log().includes('AUTHENTICATION_FAILED'), {
    description: 'events are acknowledged on open connections',
    timeoutMs: 60_000,
  });
  participant.cut();
  await waitFor(() => participant.log().includes('AUTHENTICATION_FAILED'), {
    description: 'the producer is refused',
  });
  await waitFor(() => counting.consumer.health().reason?.includes('password'), {
    description: 'the consumer is refused and readiness says so',
  });
  const before = source.current().version;
  const exchangedAt = performance.now();
  secret.replace(
    secretOf(
      bench.scram('store', {
        sasl: { mechanism: 'SCRAM-SHA-512', username: 'store', password: 'the-second-password' },
      }),
    ),
  );
  await taken(source, before);
  await load.more(80);
  await waitFor(() => counting.consumer.health().ready, { description: 'the consumer is ready again' });
  const recovered = [...load.acked.values()].find((at) => at > exchangedAt) ?? NaN;
  await load.finish();
  await expectNothingLostNothingTwice(load, counting, BY_PASSWORD);
  console.info(
    `password: ${load.acked.size} events; first acknowledgement ${Math.round(recovered - exchangedAt)} ms after the Secret changed; longest gap ${longestGap(load.acked)} ms`,
  );
  expect(participant.log()).not.toMatch(new RegExp(`${PASSWORD}|the-second-password`));
});

it('is locked out when it does not follow: what these tests would catch', { timeout: 120_000 }, async () => {
  const { secret, source } = mount(bench.scram('locked-out'));
  const participant = participate(fixedCredentials(source.current()), { deliveryTimeoutMs: 3000 });
  const contract = noteContract(BY_PASSWORD);
  const { consumer } = await participant.consume(BY_PASSWORD, GROUP);
  await participant.producer.publish(contract, { key: 'a', text: 'before' });
  await waitFor(() => consumer.health().ready, { description: 'the consumer works' });

  await bench.secured.setPassword('locked-out', 'the-second-password');
  const sasl = {
    mechanism: 'SCRAM-SHA-512',
    username: 'locked-out',
    password: 'the-second-password',
  } as const;
  const before = source.current().version;
  secret.replace(secretOf(bench.scram('locked-out', { sasl })));
  await taken(source, before);
  participant.cut();
  await expect(participant.producer.publish(contract, { key: 'a', text: 'after' })).rejects.toMatchObject({
    code: 'DELIVERY_UNKNOWN',
  });
  await waitFor(() => consumer.health().reason?.includes('password'), {
    description: 'the consumer is refused',
  });
});

// The last one: it leaves a broker behind that nobody else trusts.
it(
  'follows new certificates and new authorities on both sides under load',
  { timeout: 180_000 },
  async () => {
    const { secured, clusterCa, clientsCa } = bench;
    const { secret, source } = mount(bench.mtls('store'));
    const participant = participate(source);
    const counting = await participant.consume(BY_CERTIFICATE, GROUP);
    const load = publishUnderLoad(participant, BY_CERTIFICATE);
    await load.more(80);

    const newClusterCa = createCertificateAuthority('cluster-ca-2');
    const newClientsCa = createCertificateAuthority('clients-ca-2');
    const broker = newClusterCa.issue({ name: 'broker', hosts: ['127.0.0.1'] });
    const exchange = async (tls: Credentials['tls']) => {
      const before = source.current().version;
      secret.replace(secretOf(bench.mtls('store', { tls: tls ?? {} })));
      await taken(source, before);
    };
    // As Strimzi does it: first everybody trusts both, then the certificates change, then the old trust ends.
    const { cert = '', key = '' } = source.current().tls ?? {};
    await exchange({ ca: clusterCa.cert + newClusterCa.cert, cert, key });
    await secured.exchangeCertificates(broker, clientsCa.cert + newClientsCa.cert);
    participant.cut();
    await load.more(40);
    await exchange({ ca: newClusterCa.cert, ...newClientsCa.issue({ name: 'store' }) });
    await secured.exchangeCertificates(broker, newClientsCa.cert);
    await load.more(40);
    participant.cut();
    await load.more(80);
    await waitFor(() => counting.consumer.health().ready, { description: 'the consumer is ready again' });
    await load.finish();
    await expectNothingLostNothingTwice(load, counting, BY_CERTIFICATE);
    console.info(
      `certificates: ${load.acked.size} events; longest gap ${longestGap(load.acked)} ms over two cuts`,
    );
    // The old certificate is of no use any more: it was really the new one that was used.
    const late = participate(bench.mtls('store', { tls: { ca: newClusterCa.cert, cert, key } }));
    await expect(
      late.producer.publish(noteContract(BY_CERTIFICATE), { key: 'late', text: 'late' }),
    ).rejects.toMatchObject({ code: 'CLIENT_CERTIFICATE_REFUSED' });
  },
);
