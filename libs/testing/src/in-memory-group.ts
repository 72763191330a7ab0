import { SessionLost } from '@eda/kafka';

/** How the group speaks to one of its members. */
export interface MemberPort {
  readonly topics: readonly string[];
  /** Finish and commit; then `ready`. */
  recall(): void;
  /** The member is not in the group any more. */
  expelled(): void;
  assigned(generation: number, assignment: ReadonlyMap<string, readonly number[]>): void;
}

interface Member {
  readonly port: MemberPort;
  ready: boolean;
}

/** A consumer group: who reads what, and how far everybody has got. A rebalance waits for every member, as Kafka's own does. */
export class InMemoryGroup {
  /** Next offset by `topic/partition`. */
  readonly committed = new Map<string, bigint>();
  readonly #partitionsOf: (topic: string) => number;
  readonly #members = new Map<string, Member>();
  #generation = 0;
  #rebalancing = false;
  #joins = 0;

  constructor(partitionsOf: (topic: string) => number) {
    this.#partitionsOf = partitionsOf;
  }

  /** Takes a member in and returns its id; `assigned` follows when the others are ready. */
  join(clientId: string, port: MemberPort): string {
    const id = `${clientId}-${(this.#joins += 1)}`;
    this.#members.set(id, { port, ready: true });
    this.#rebalance();
    return id;
  }

  leave(id: string): void {
    if (this.#members.delete(id)) this.#rebalance();
  }

  /** What the session time-out does to a member that is not heard of. */
  expel(id: string): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    this.#members.delete(id);
    member.port.expelled();
    this.#rebalance();
  }

  /** The member has nothing at work. */
  ready(id: string): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    member.ready = true;
    this.#completeIfReady();
  }

  /** Throws `SessionLost` when the group moved on without the member. */
  check(id: string, generation: number): void {
    if (!this.#members.has(id) || generation !== this.#generation)
      throw new SessionLost('expelled', new Error(`${id} is not in generation ${generation}`));
  }

  #rebalance(): void {
    this.#rebalancing = true;
    for (const member of [...this.#members.values()]) if (!member.ready) member.port.recall();
    this.#completeIfReady();
  }

  #completeIfReady(): void {
    if (!this.#rebalancing || [...this.#members.values()].some(({ ready }) => !ready)) return;
    this.#rebalancing = false;
    this.#generation += 1;
    const assignments = this.#assign();
    for (const [id, member] of [...this.#members]) {
      member.ready = false;
      member.port.assigned(this.#generation, assignments.get(id) ?? new Map<string, number[]>());
    }
  }

  /** Deals the partitions out one by one. */
  #assign(): Map<string, Map<string, number[]>> {
    const assignments = new Map([...this.#members.keys()].map((id) => [id, new Map<string, number[]>()]));
    const topics = new Set([...this.#members.values()].flatMap(({ port }) => port.topics));
    let turn = 0;
    for (const topic of topics) {
      const readers = [...this.#members].filter(([, { port }]) => port.topics.includes(topic));
      for (let partition = 0; partition < this.#partitionsOf(topic); partition += 1) {
        const mine = assignments.get(readers[turn % readers.length]?.[0] ?? '');
        turn += 1;
        mine?.set(topic, [...(mine.get(topic) ?? []), partition]);
      }
    }
    return assignments;
  }
}
