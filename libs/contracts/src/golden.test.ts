import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { avroType } from './avro-type.ts';
import { createCodec } from './codec.ts';
import { EVENTS } from './generated/index.ts';
import { createFixedCatalog } from './schema-catalog.ts';

const HISTORY = join(import.meta.dirname, '../../../schemas/history');
const WRITER_ID = 1_000_000;

/** `retail/v1/StockMoved@1` for every released version there is. */
const recordings = readdirSync(HISTORY, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.avsc'))
  .map((file) => file.replaceAll('\\', '/').slice(0, -'.avsc'.length));

const contractOf = (recording: string) =>
  EVENTS.find(({ type }) => type.endsWith(`.${recording.replaceAll('/', '.').replace(/@\d+$/, '')}`));

describe('golden bytes', () => {
  it('exist for every event', () => {
    const recorded = new Set(recordings.map((recording) => contractOf(recording)?.type));
    expect(EVENTS.map(({ type }) => type).filter((type) => !recorded.has(type))).toEqual([]);
  });

  it.each(recordings)('of %s are read by the schema of today', (recording) => {
    const contract = contractOf(recording);
    if (!contract) throw new Error(`no event for the recording ${recording}`);
    const read = (extension: string) => readFileSync(join(HISTORY, `${recording}.${extension}`));
    const writer = avroType(read('avsc').toString());
    const own = createFixedCatalog(EVENTS);
    const codec = createCodec({
      own: (subject) => own.own(subject),
      known: () => writer,
      load: () => Promise.reject(new Error('the schema is known')),
    });
    const frame = Buffer.alloc(5);
    frame.writeInt32BE(WRITER_ID, 1);
    const decoded = codec.decode(contract, {
      key: null,
      value: Buffer.concat([frame, read('bin')]),
      headers: { ce_specversion: '1.0', ce_id: '1', ce_source: '/golden', ce_type: contract.type },
      timestamp: new Date(0),
    });
    const expected = JSON.parse(read('json').toString()) as unknown;
    const { data } = decoded as { data: unknown };
    expect(JSON.parse(JSON.stringify(data))).toMatchObject(expected as object);
  });
});
