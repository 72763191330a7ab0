import { describe, expect, it } from 'vitest';
import { readRecorded, SUBJECTS } from './recording.ts';

const recorded = readRecorded();

it('what Java was asked is what would be asked today (else: npm run record:java-avro)', () => {
  expect([...recorded.values()].map(({ name, asked }) => [name, asked])).toEqual(
    SUBJECTS.map((subject) => [subject.name, subject.asked()]),
  );
});

describe.each(SUBJECTS.map((subject) => [subject.name, subject] as const))('%s', (name, subject) => {
  const java = recorded.get(name);

  it('is to Java what it is to us', () => {
    expect(java?.text).toBe(`{"value": ${subject.case.text}}`);
  });

  it('has the same bytes', () => {
    expect(subject.encode().toString('hex')).toBe(java?.framed);
  });

  it('is read from the bytes of Java, also in blocks of known size', () => {
    const { framed = '', blocks = '' } = java ?? {};
    const expected = { value: subject.case.value };
    expect(subject.decode(Buffer.from(framed, 'hex'))).toEqual(expected);
    expect(subject.decode(Buffer.from(blocks, 'hex'))).toEqual(expected);
  });
});
