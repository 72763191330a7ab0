import { expect, it } from 'vitest';
import { newEventId } from './event-id.ts';

it('is a UUID of version 7', () => {
  expect(newEventId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('sorts by time', () => {
  expect(newEventId(1_000) < newEventId(1_001)).toBe(true);
});

it('is never the same twice', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => newEventId(42))).size).toBe(10_000);
});
