import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import {
  assign,
  decodeAssignment,
  decodeTopics,
  encodeAssignment,
  encodeTopics,
  PROTOCOL_NAME,
} from './client-platformatic-assignment.ts';

const { AssignerProtocol } = kafkajs;

describe('what members of a group tell each other', () => {
  it('is understood by members with kafkajs, and theirs here', () => {
    const topics = ['orders', 'größen'];
    expect(AssignerProtocol.MemberMetadata.decode(encodeTopics(topics))?.topics).toEqual(topics);
    const theirs = AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) });
    expect(decodeTopics(theirs)).toEqual(topics);

    const assignment = { orders: [0, 2], größen: [1] };
    const ours = encodeAssignment(new Map(Object.entries(assignment)));
    expect(AssignerProtocol.MemberAssignment.decode(ours)?.assignment).toEqual(assignment);
    const answer = AssignerProtocol.MemberAssignment.encode({
      version: 0,
      assignment,
      userData: Buffer.alloc(0),
    });
    expect(Object.fromEntries(decodeAssignment(answer))).toEqual(assignment);
  });

  it('has the name that kafkajs gives it', () => {
    const { PartitionAssigners } = kafkajs;
    const assigner = PartitionAssigners.roundRobin({ cluster: {} } as never);
    expect(assigner.name).toBe(PROTOCOL_NAME);
  });

  it('may be nothing at all', () => {
    expect(decodeAssignment(Buffer.alloc(0))).toEqual(new Map());
  });
});

describe('the partitions', () => {
  it('are dealt out evenly, and only to those who read the topic', () => {
    const members = new Map([
      ['b', ['both', 'mine']],
      ['a', ['both']],
    ]);
    const partitions = new Map([
      ['both', [0, 1, 2, 3]],
      ['mine', [0, 1]],
    ]);

    expect(assign(members, partitions)).toEqual(
      new Map([
        ['a', new Map([['both', [0, 2]]])],
        [
          'b',
          new Map([
            ['both', [1, 3]],
            ['mine', [0, 1]],
          ]),
        ],
      ]),
    );
  });

  it('leave a member without any when there are fewer than members', () => {
    const members = new Map(['a', 'b'].map((id) => [id, ['t']]));
    expect(assign(members, new Map([['t', [0]]])).get('b')).toEqual(new Map());
  });
});
