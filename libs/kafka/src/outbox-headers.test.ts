import { expect, it } from 'vitest';
import { restoreHeaders, storeHeaders } from './outbox-headers.ts';

it('gives back text, bytes and lists after a way through JSON', () => {
  const headers = { text: 'ä "quoted"', bytes: Buffer.from([0, 255]), list: ['a', Buffer.from([1])] };

  const stored = JSON.parse(JSON.stringify(storeHeaders(headers))) as ReturnType<typeof storeHeaders>;

  expect(restoreHeaders(stored)).toEqual(headers);
});
