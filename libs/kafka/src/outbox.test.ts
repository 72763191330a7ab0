import { jsonCodec, noteContract } from '@eda/testing';
import { expect, it } from 'vitest';
import { InvalidRecord } from './errors.ts';
import { createOutbox } from './outbox.ts';

it('refuses an event for a partition of its own, for rows keep none', () => {
  const outbox = createOutbox({
    codec: {
      ...jsonCodec,
      encode: (contract, event) => ({ ...jsonCodec.encode(contract, event), partition: 1 }),
    },
    source: '/test',
  });

  expect(() => outbox.encodeMany(noteContract('topic'), [{ data: { key: 'key', text: '' } }])).toThrow(
    InvalidRecord,
  );
});
