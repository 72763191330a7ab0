import { once } from 'node:events';
import type { Socket } from 'node:net';
import type * as Platformatic from '@platformatic/kafka';
import type { API, Connection, ConnectionPool } from '@platformatic/kafka';
import { brokerErrorId, LeaderMissing, toError } from './client-platformatic-errors.ts';
import type { CredentialsSource } from './credentials.ts';

export type Library = typeof Platformatic;

export interface ClusterSettings {
  readonly clientId: string;
  /** Where the cluster may be found; asked each time, for credentials may bring other addresses. */
  readonly brokers: () => readonly string[];
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly credentials: CredentialsSource | undefined;
  readonly onSocket: ((socket: Socket) => void) | undefined;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface TopicLayout {
  readonly foundAt: number;
  /** Broker by partition; -1 where nobody leads. */
  readonly leaders: ReadonlyMap<number, number>;
}

/** A broker that stands still keeps its connections: others are asked soon. */
const QUESTION_TIMEOUT_MS = 10_000;
const LAYOUT_MAX_AGE_MS = 60_000;
/** A lane has one request at a time per partition; the broker takes them in order of arrival. */
const MAX_IN_FLIGHT = 1000;

function parseAddress(broker: string): Address {
  const colon = broker.lastIndexOf(':');
  const host = broker.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(broker.slice(colon + 1)) };
}

/**
 * Connections and metadata of one cluster, on the connection pool and the protocol of @platformatic/kafka. Its own producer and
 * consumer are not used: they retry behind the caller's back and forget the sequence numbers of a batch in doubt
 * (docs/decisions/0062). Every request here is one attempt.
 */
export class PlatformaticCluster {
  readonly #settings: ClusterSettings;
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #connections = new Set<Connection>();
  readonly #layouts = new Map<string, TopicLayout>();
  readonly #asking = new Map<string, Promise<TopicLayout>>();
  #brokers: ReadonlyMap<number, Address> = new Map();
  #library: Library | undefined;
  #closed = false;
  /** Which address is asked first. */
  #turn = 0;

  constructor(settings: ClusterSettings) {
    this.#settings = settings;
  }

  /** The package; loaded by `connect`, for it takes longer to load than the rest of the library together. */
  get library(): Library {
    if (this.#library === undefined) throw new Error('the client is not connected');
    return this.#library;
  }

  /** Resolves when a broker answers. */
  async connect(): Promise<void> {
    this.#library ??= await import('@platformatic/kafka');
    await this.metadata([]);
  }

  /** Ends all connections; what is in flight fails. */
  async disconnect(): Promise<void> {
    this.#closed = true;
    const open = [...this.#connections].flatMap(({ socket }) => socketOf(socket));
    for (const pool of this.#pools.values()) pool.close().catch(() => undefined);
    // The pool would wait for a connection that is still being made.
    const closed = open.filter((socket) => !socket.closed).map((socket) => once(socket, 'close'));
    for (const socket of open) socket.destroy();
    await Promise.allSettled(closed);
  }

  /** Sends one request to one broker, on the connection of the given lane. */
  async request<A extends unknown[], R>(
    broker: Address,
    api: API<A, R>,
    args: A,
    { lane = 'main', timeoutMs = this.#settings.requestTimeoutMs } = {},
  ): Promise<R> {
    const connection = await this.#pool(lane, timeoutMs).get(broker).catch(withReason);
    return api.async(connection, ...args);
  }

  /**
   * Sends one request to a broker that answers, one after another: for questions that each of them can answer. Whoever does not
   * answer is asked last the next time.
   */
  async requestAny<A extends unknown[], R>(
    api: API<A, R>,
    args: A,
    { lane = 'main', timeoutMs = Math.min(QUESTION_TIMEOUT_MS, this.#settings.requestTimeoutMs) } = {},
  ): Promise<R> {
    const addresses = [...this.#addresses()];
    const failures: Error[] = [];
    for (let tried = 0; tried < addresses.length; tried += 1) {
      const address = addresses[this.#turn % addresses.length];
      if (address === undefined) break;
      try {
        return await this.request(address, api, args, { lane, timeoutMs });
      } catch (error) {
        if (this.#closed || brokerErrorId(error) !== undefined) throw error;
        failures.push(toError(error));
        this.#turn += 1;
      }
    }
    const [first] = failures;
    if (first !== undefined && failures.length === 1) throw first;
    throw new AggregateError(failures, 'no broker answers');
  }

  /** The cluster as a broker sees it; all topics when `topics` is null. Topics with an error are in it, with their error. */
  async metadata(topics: string[] | null) {
    const { metadataV12, ResponseError } = this.library;
    let response;
    try {
      response = await this.requestAny(metadataV12.api, [topics, false, false]);
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      response = error['response'] as Awaited<ReturnType<typeof metadataV12.api.async>>;
    }
    this.#brokers = new Map(response.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    return response;
  }

  /** Who leads which partition; what is known is used for a minute. Rejects when the topic does not exist. */
  async layout(topic: string): Promise<TopicLayout> {
    const known = this.#layouts.get(topic);
    if (known !== undefined && Date.now() - known.foundAt < LAYOUT_MAX_AGE_MS) return known;
    let asking = this.#asking.get(topic);
    if (asking === undefined) {
      asking = this.#askLayout(topic).finally(() => this.#asking.delete(topic));
      this.#asking.set(topic, asking);
    }
    return asking;
  }

  /** The next question about the topic goes to the cluster. */
  forget(topic: string): void {
    this.#layouts.delete(topic);
  }

  broker(nodeId: number): Address | undefined {
    return this.#brokers.get(nodeId);
  }

  /** The broker that leads the partition now. */
  async leader(topic: string, partition: number): Promise<Address> {
    const { leaders } = await this.layout(topic);
    const address = this.#brokers.get(leaders.get(partition) ?? -1);
    if (address !== undefined) return address;
    this.forget(topic);
    throw new LeaderMissing(topic, partition);
  }

  async coordinator(groupId: string): Promise<Address> {
    const { findCoordinatorV4, FindCoordinatorKeyTypes } = this.library;
    const answer = await this.requestAny(findCoordinatorV4.api, [FindCoordinatorKeyTypes.GROUP, [groupId]]);
    const [found] = answer.coordinators;
    if (found === undefined) throw new Error(`no answer about the coordinator of ${groupId}`);
    return { host: found.host, port: found.port };
  }

  async #askLayout(topic: string): Promise<TopicLayout> {
    const { ProtocolError } = this.library;
    const { topics } = await this.metadata([topic]);
    const found = topics.find(({ name }) => name === topic);
    const code = found?.errorCode ?? 0;
    if (found === undefined || (code !== 0 && found.partitions.length === 0)) throw new ProtocolError(code);
    const leaders = new Map(
      found.partitions.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId]),
    );
    const layout = { foundAt: Date.now(), leaders };
    if (![...leaders.values()].includes(-1)) this.#layouts.set(topic, layout);
    return layout;
  }

  *#addresses(): Generator<Address> {
    const known = [...this.#brokers.values()];
    yield* known;
    const names = new Set(known.map(({ host, port }) => `${host}:${port}`));
    for (const address of this.#settings.brokers().map(parseAddress))
      if (!names.has(`${address.host}:${address.port}`)) yield address;
  }

  #pool(lane: string, requestTimeout: number): ConnectionPool {
    let pool = this.#pools.get(lane);
    if (pool === undefined) {
      pool = this.#newPool(requestTimeout);
      this.#pools.set(lane, pool);
    }
    return pool;
  }

  #newPool(requestTimeout: number): ConnectionPool {
    const { clientId, connectionTimeoutMs, credentials, onSocket } = this.#settings;
    const pool = new this.library.ConnectionPool(clientId, {
      connectTimeout: connectionTimeoutMs,
      requestTimeout,
      maxInflights: MAX_IN_FLIGHT,
      // Read for every connection that is made: a new certificate or password needs no restart.
      get tls() {
        const current = credentials?.current();
        return current?.tls === undefined ? undefined : { ...current.tls, minVersion: 'TLSv1.2' };
      },
      tlsServerName: true,
      get sasl() {
        return credentials?.current().sasl;
      },
    } as ConstructorParameters<Library['ConnectionPool']>[1]);
    pool.on('connecting', ({ connection }) => {
      this.#connections.add(connection);
      // Its own listener hears one error; a second one would end the process.
      connection.on('error', () => undefined);
      connection.on('close', () => this.#connections.delete(connection));
      // The socket is made next, within the same turn.
      queueMicrotask(() => {
        if (this.#closed) connection.socket.destroy();
        else onSocket?.(connection.socket);
      });
    });
    pool.on('failed', ({ connection }) => {
      for (const socket of socketOf(connection.socket)) socket.destroy();
      this.#connections.delete(connection);
    });
    return pool;
  }
}

/** The type says that a connection has a socket; before it is made there is none. */
function socketOf(socket: Socket | undefined): Socket[] {
  return socket === undefined ? [] : [socket];
}

/** The package says that a connection failed, and keeps to itself why. */
function withReason(error: unknown): never {
  const { message, cause } = toError(error);
  if (!(cause instanceof Error) || cause.message === '') throw error;
  throw new Error(`${message} ${cause.message}`, { cause: error });
}

/** Whether the cluster says that it does not know the topic. */
export function isUnknownTopic(error: unknown): boolean {
  const id = brokerErrorId(error);
  return id === 'UNKNOWN_TOPIC_OR_PARTITION' || id === 'INVALID_TOPIC_EXCEPTION';
}
