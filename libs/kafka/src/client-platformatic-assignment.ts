/**
 * Who reads what: the messages in which members tell the leader their topics, and the leader its decision. Name, encoding and
 * decision are those of kafkajs, so that members with either client share a group while a deployment moves from one to the other.
 */
export const PROTOCOL_TYPE = 'consumer';
export const PROTOCOL_NAME = 'RoundRobinAssigner';

export type Assignment = ReadonlyMap<string, readonly number[]>;

const VERSION = 1;

class Bytes {
  readonly #parts: Buffer[] = [];

  int16(value: number): this {
    const part = Buffer.alloc(2);
    part.writeInt16BE(value);
    this.#parts.push(part);
    return this;
  }

  int32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32BE(value);
    this.#parts.push(part);
    return this;
  }

  string(value: string): this {
    const text = Buffer.from(value);
    this.int16(text.length);
    this.#parts.push(text);
    return this;
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

class Cursor {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int16(): number {
    this.#at += 2;
    return this.#buffer.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#buffer.readInt32BE(this.#at - 4);
  }

  string(): string {
    const length = this.int16();
    this.#at += length;
    return this.#buffer.toString('utf8', this.#at - length, this.#at);
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, item);
  }
}

/** What a member tells the leader. */
export function encodeTopics(topics: readonly string[]): Buffer {
  const bytes = new Bytes().int16(VERSION).int32(topics.length);
  for (const topic of topics) bytes.string(topic);
  return bytes.int32(0).toBuffer();
}

export function decodeTopics(metadata: Buffer): string[] {
  const cursor = new Cursor(metadata);
  cursor.int16();
  return cursor.list(() => cursor.string());
}

/** What the leader tells a member. */
export function encodeAssignment(assignment: Assignment): Buffer {
  const bytes = new Bytes().int16(VERSION).int32(assignment.size);
  for (const [topic, partitions] of assignment) {
    bytes.string(topic).int32(partitions.length);
    for (const partition of partitions) bytes.int32(partition);
  }
  return bytes.int32(0).toBuffer();
}

/** A member that got nothing has an empty answer. */
export function decodeAssignment(message: Buffer): Assignment {
  if (message.length === 0) return new Map();
  const cursor = new Cursor(message);
  cursor.int16();
  return new Map(cursor.list(() => [cursor.string(), cursor.list(() => cursor.int32())] as const));
}

/** Deals the partitions out one by one; a member gets only of topics that it reads. */
export function assign(
  members: ReadonlyMap<string, readonly string[]>,
  partitions: ReadonlyMap<string, readonly number[]>,
): Map<string, Map<string, number[]>> {
  const ids = [...members.keys()].sort();
  const assignments = new Map(ids.map((id) => [id, new Map<string, number[]>()]));
  let turn = 0;
  for (const [topic, numbers] of partitions) {
    const readers = ids.filter((id) => members.get(id)?.includes(topic) === true);
    for (const partition of numbers) {
      const id = readers[turn % readers.length];
      turn += 1;
      const mine = assignments.get(id ?? '');
      if (mine !== undefined) mine.set(topic, [...(mine.get(topic) ?? []), partition]);
    }
  }
  return assignments;
}
