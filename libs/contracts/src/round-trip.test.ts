import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryValue } from './arbitrary-value.setup.ts';
import { createCodec } from './codec.ts';
import { EVENTS } from './generated/index.ts';
import { createFixedCatalog } from './schema-catalog.ts';

describe.each(EVENTS.map((contract) => [contract.type, contract] as const))('%s', (_, contract) => {
  const catalog = createFixedCatalog(EVENTS);
  const codec = createCodec(catalog);
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const events = fc.record(
    {
      id: text,
      type: fc.constant(contract.type),
      source: text,
      time: fc.date({
        noInvalidDate: true,
        min: new Date('0001-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59Z'),
      }),
      subject: text,
      key: fc.string({ unit: 'grapheme' }),
      data: arbitraryValue(catalog.own(contract.subject).type),
      extensions: fc.dictionary(fc.stringMatching(/^x[a-z0-9]{1,8}$/), text, { noNullPrototype: true }),
    },
    { noNullPrototype: true },
  );

  it('comes back equal, whatever is in it', () => {
    fc.assert(
      fc.property(events, (event) => {
        const record = codec.encode(contract, event);
        expect(codec.decode(contract, { ...record, timestamp: new Date(0) })).toStrictEqual(event);
      }),
    );
  });

  it('is never anything but an event or poison when its bytes are changed', () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.nat(255), (event, position, byte) => {
        const record = codec.encode(contract, event);
        const at = 5 + (position % (record.value.length - 5));
        record.value[at] = byte;
        try {
          void codec.decode(contract, { ...record, timestamp: new Date(0) });
        } catch (error) {
          expect(error).toMatchObject({ name: 'DeserializationError', verdict: 'poison' });
        }
      }),
    );
  });
});
