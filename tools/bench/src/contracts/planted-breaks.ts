/** Changes that break consumers, each of one event, with the rule that has to find it. */
import type { Field, Json } from './event-fields.ts';
import type { GeneratedEvent } from './generated-event.ts';

export interface PlantedBreak {
  readonly code: string;
  readonly event: string;
}

type Change = (event: GeneratedEvent) => void;

const field =
  (name: string, change: (field: Field) => Field | undefined): Change =>
  (event) =>
    event.changeField(name, change);

/** One of each rule about changes of an event. */
const BREAKS: readonly (readonly [code: string, change: Change])[] = [
  ['C010', field('reference', () => undefined)],
  ['C011', field('grossWeight', (one) => ({ ...one, type: 'int' }))],
  [
    'C012',
    field('status', (one) => ({
      ...one,
      type: { ...(one.type as object), namespace: 'eda.moved.v1' } as Json,
    })),
  ],
  ['C013', field('comment', (one) => ({ ...one, type: 'bytes' }))],
  ['C014', field('attempt', (one) => ({ ...one, default: 1 }))],
  [
    'C024',
    (event) => {
      event.partitions += 6;
    },
  ],
];

/** Breaks one event after the other, as many as there are rules, and says what it did. */
export function plantBreaks(events: readonly GeneratedEvent[]): PlantedBreak[] {
  return BREAKS.flatMap(([code, change], index) => {
    const event = events[index];
    if (event === undefined) return [];
    change(event);
    return { code, event: event.name };
  });
}
