import { describe, expect, it } from 'vitest';
import { createDeadLetters, placeOf } from './dead-letters.ts';
import type { DeadLetterView } from './messages.ts';

const TOPIC = 'retail.stock-moved.v1.inventory.dlq';

function letter(offset: number): DeadLetterView {
  return {
    at: placeOf(TOPIC, 0, String(offset)),
    topic: TOPIC,
    partition: 0,
    offset: String(offset),
    key: null,
    group: 'inventory',
    original: { topic: 'retail.stock-moved.v1', partition: 2, offset: '40' },
    failedAt: offset,
    attempts: 1,
    code: 'NOT_FRAMED',
    errorName: 'DeserializationError',
    message: 'not framed',
    stack: '',
    headers: {},
    preview: null,
  };
}

const redriven = (offset: number) => ({ topic: TOPIC, partition: 0, offset: String(offset), redrivenAt: 99 });
const offsets = (letters: readonly DeadLetterView[]) => letters.map((one) => one.offset);

describe('dead letters', () => {
  it('are listed newest first, those put back behind those that wait', () => {
    const letters = createDeadLetters();
    [1, 2, 3].forEach((offset) => letters.add(letter(offset)));
    letters.markRedriven(redriven(3));

    const page = letters.page(10);
    expect(offsets(page.letters)).toEqual(['2', '1', '3']);
    expect(page.letters[2]?.redrivenAt).toBe(99);
    expect([page.waiting, page.redriven]).toEqual([2, 1]);
  });

  it('count once, also when they or their markers are read twice', () => {
    const letters = createDeadLetters();
    letters.add(letter(1));
    letters.add(letter(1));
    letters.markRedriven(redriven(1));
    letters.markRedriven(redriven(1));

    expect(letters.page(10)).toMatchObject({ waiting: 0, redriven: 1 });
  });

  it('are known as put back when the marker is read first, as another partition allows', () => {
    const letters = createDeadLetters();
    letters.markRedriven(redriven(1));
    letters.add(letter(1));

    expect(letters.page(10)).toMatchObject({ waiting: 0, redriven: 1 });
    expect(letters.find(TOPIC, 0, '1')?.redrivenAt).toBe(99);
  });

  it('beyond the limit are forgotten but still counted, those put back first', () => {
    const letters = createDeadLetters(2);
    letters.add(letter(1));
    letters.add(letter(2));
    letters.markRedriven(redriven(2));
    letters.add(letter(3));

    const page = letters.page(10);
    expect(offsets(page.letters)).toEqual(['3', '1']);
    expect([page.waiting, page.redriven]).toEqual([2, 1]);
  });
});
