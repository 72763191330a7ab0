import type { API } from '@platformatic/kafka';
import type { Assignment } from './client-platformatic-assignment.ts';
import {
  assign,
  decodeAssignment,
  decodeTopics,
  encodeAssignment,
  encodeTopics,
  PROTOCOL_NAME,
  PROTOCOL_TYPE,
} from './client-platformatic-assignment.ts';
import type { Address, PlatformaticCluster } from './client-platformatic-cluster.ts';
import { brokerErrorId } from './client-platformatic-errors.ts';
import type { ReadPosition } from './client-types.ts';

export interface GroupSettings {
  /** Physical, as all names here. */
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
}

/** The coordinator answers the join and the assignment only when the whole group has come. */
const JOIN_MARGIN_MS = 10_000;

/** One member's talk with the coordinator of its group. One attempt a call; whoever calls decides what a failure means. */
export class GroupMembership {
  readonly #cluster: PlatformaticCluster;
  readonly #settings: GroupSettings;
  #coordinator: Address | undefined;
  #memberId = '';
  #generation = -1;

  constructor(cluster: PlatformaticCluster, settings: GroupSettings) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  get memberId(): string {
    return this.#memberId;
  }

  /** The coordinator does not know this member any more; the next join makes a new one. */
  forgetMember(): void {
    this.#memberId = '';
  }

  /** Joins and resolves with what this member is to read. */
  async join(): Promise<Assignment> {
    const { joinGroupV7, syncGroupV5 } = this.#cluster.library;
    const { groupId, topics, sessionTimeoutMs, rebalanceTimeoutMs } = this.#settings;
    const protocols = [{ name: PROTOCOL_NAME, metadata: encodeTopics(topics) }];
    const join = () =>
      this.#ask(
        joinGroupV7.api,
        [groupId, sessionTimeoutMs, rebalanceTimeoutMs, this.#memberId, null, PROTOCOL_TYPE, protocols, null],
        'join',
      );
    let joined;
    try {
      joined = await join();
    } catch (error) {
      // The first answer is the member's name; with it the coordinator counts this member.
      const id = brokerErrorId(error) === 'MEMBER_ID_REQUIRED' ? responseMemberId(error) : undefined;
      if (id === undefined) throw error;
      this.#memberId = id;
      joined = await join();
    }
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const decided = joined.leader === joined.memberId ? await this.#decide(joined.members) : [];
    const { assignment } = await this.#ask(
      syncGroupV5.api,
      [groupId, this.#generation, this.#memberId, null, PROTOCOL_TYPE, PROTOCOL_NAME, decided],
      'join',
    );
    return decodeAssignment(assignment);
  }

  async heartbeat(): Promise<void> {
    const { heartbeatV4 } = this.#cluster.library;
    await this.#ask(heartbeatV4.api, [this.#settings.groupId, this.#generation, this.#memberId, null]);
  }

  async commit(positions: readonly ReadPosition[]): Promise<void> {
    const { offsetCommitV8 } = this.#cluster.library;
    const topics = [...Map.groupBy(positions, ({ topic }) => topic)].map(([name, places]) => ({
      name,
      partitions: places.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: -1,
        committedMetadata: null,
      })),
    }));
    await this.#ask(offsetCommitV8.api, [
      this.#settings.groupId,
      this.#generation,
      this.#memberId,
      null,
      topics,
    ]);
  }

  /** What the group has committed of the partitions; those without a position are left out. */
  async committed(assignment: Assignment): Promise<Map<string, Map<number, bigint>>> {
    const { offsetFetchV8 } = this.#cluster.library;
    const { groupId } = this.#settings;
    const topics = [...assignment].map(([name, partitions]) => ({ name, partitionIndexes: [...partitions] }));
    const answer = await this.#ask(offsetFetchV8.api, [[{ groupId, memberEpoch: -1, topics }], true]);
    return new Map(
      (answer.groups[0]?.topics ?? []).map(({ name, partitions }) => [
        name,
        new Map(
          partitions
            .filter(({ committedOffset }) => committedOffset >= 0n)
            .map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
        ),
      ]),
    );
  }

  /** Takes a member out of the group, this one when none is named. */
  async leave(memberId = this.#memberId): Promise<void> {
    if (memberId === '') return;
    const { leaveGroupV5 } = this.#cluster.library;
    if (memberId === this.#memberId) this.#memberId = '';
    await this.#ask(leaveGroupV5.api, [this.#settings.groupId, [{ memberId }]]);
  }

  async #decide(members: readonly { memberId: string; metadata: Buffer }[]) {
    const wanted = new Map(members.map(({ memberId, metadata }) => [memberId, decodeTopics(metadata)]));
    const topics = [...new Set([...wanted.values()].flat())];
    const partitions = await Promise.all(
      topics.map(async (topic) => {
        this.#cluster.forget(topic);
        const { leaders } = await this.#cluster.layout(topic);
        return [topic, [...leaders.keys()].sort((a, b) => a - b)] as const;
      }),
    );
    return [...assign(wanted, new Map(partitions))].map(([memberId, assignment]) => ({
      memberId,
      assignment: encodeAssignment(assignment),
    }));
  }

  /** The join has a connection of its own: the coordinator answers nothing else on it meanwhile. */
  async #ask<A extends unknown[], R>(api: API<A, R>, args: A, lane: 'group' | 'join' = 'group'): Promise<R> {
    try {
      this.#coordinator ??= await this.#cluster.coordinator(this.#settings.groupId);
      const { rebalanceTimeoutMs, sessionTimeoutMs } = this.#settings;
      // A coordinator that stands still is given up early enough to find the next one within the session.
      const timeoutMs =
        lane === 'join' ? rebalanceTimeoutMs + JOIN_MARGIN_MS : Math.ceil(sessionTimeoutMs / 3);
      return await this.#cluster.request(this.#coordinator, api, args, { lane, timeoutMs });
    } catch (error) {
      const id = brokerErrorId(error);
      if (id === undefined || COORDINATOR_ELSEWHERE.has(id)) this.#coordinator = undefined;
      throw error;
    }
  }
}

const COORDINATOR_ELSEWHERE = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
]);

function responseMemberId(error: unknown): string | undefined {
  const id = (error as { response?: { memberId?: unknown } }).response?.memberId;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
