import { expect, it } from 'vitest';
import { parseRecord } from './read-log.ts';

it('A line of the console consumer is read with whatever stands in its headers', () => {
  const headers = 'ce_type:t,ce_id:r-17,stack:Error: x\n\tat y (z:1:2),code:A';
  expect(parseRecord(`Partition:3\tOffset:42\t${headers}\tr-key-1`)).toEqual({
    partition: 3,
    offset: 42n,
    id: 'r-17',
    key: 'r-key-1',
  });
  expect(parseRecord('Partition:0\tOffset:0\tNO_HEADERS\tnull')).toMatchObject({ id: '', key: 'null' });
  expect(parseRecord('something else')).toBeUndefined();
});
