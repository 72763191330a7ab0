/** Records of every released version may be in a topic: each consumer of today has to read them, with the reader schema it declares. */
import { avroType } from '@eda/contracts/avro';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ContractsCopy } from '../copy-contracts.ts';
import { ROOT } from '../copy-contracts.ts';
import { inspectContracts } from '../load-contracts.ts';
import type { Problem } from '../problems.ts';
import { folderTree } from '../read/file-tree.ts';
import { Sources } from '../read/sources.ts';
import { declareReader } from './cases/check-case.ts';
import { consumersByTopic } from './consumers.ts';
import { frozenName, readHistory } from './lock.ts';
import { readReaderSchemas } from './reader-schemas.ts';
import { copyRepository, makeTemplate } from './repository.ts';

interface Reading {
  readonly name: string;
  /** Decodes the recorded bytes of a version with what the consumer reads; returns it beside what was recorded. */
  readonly read: () => {
    readonly decoded: Record<string, unknown>;
    readonly recorded: Record<string, unknown>;
  };
}

/** Returns every pair of a released version and a consumer of its event. */
function readingsOf(root: string): Reading[] {
  const sources = new Sources(folderTree(root));
  const problems: Problem[] = [];
  const { model, apps } = inspectContracts(sources);
  const { frozen } = readHistory(sources, problems);
  const events = model?.events ?? [];
  const readers = readReaderSchemas(sources, events, apps, problems);
  const consumers = consumersByTopic(apps);
  return events.flatMap((event) =>
    frozen
      .filter((copy) => copy.event === frozenName(event))
      .flatMap(({ file, schema, version }) =>
        (consumers.get(event.meta.topic) ?? []).map((app): Reading => {
          const declared = readers.find((one) => one.app === app && one.event === event.record.fullName);
          return {
            name: `${app} reads ${event.record.name}@${version} by ${declared?.file ?? event.record.file}`,
            read: () => {
              const recorded = (extension: string) =>
                readFileSync(join(root, file.replace(/avsc$/, extension)));
              const reader = avroType(declared?.schema.text ?? event.schema);
              const value: unknown = reader.fromBuffer(
                recorded('bin'),
                reader.createResolver(avroType(schema)),
              );
              return {
                decoded: JSON.parse(JSON.stringify(value)) as Record<string, unknown>,
                recorded: JSON.parse(recorded('json').toString()) as Record<string, unknown>,
              };
            },
          };
        }),
      ),
  );
}

const here = readingsOf(ROOT);

it('every event that is consumed has recorded bytes', () => {
  const events = inspectContracts(new Sources(folderTree(ROOT))).model?.events ?? [];
  for (const { record } of events)
    expect(
      here.some(({ name }) => name.includes(` ${record.name}@`)),
      record.name,
    ).toBe(true);
});

it.each(here.map((reading) => [reading.name, reading] as const))('%s', (_, { read }) => {
  const { decoded, recorded } = read();
  const common = Object.keys(decoded).filter((field) => field in recorded);
  expect(common).not.toEqual([]);
  for (const field of common) expect(decoded[field]).toEqual(recorded[field]);
});

describe('a consumer that declares what it reads', () => {
  let template: ContractsCopy;
  beforeAll(() => void (template = makeTemplate()));
  afterAll(() => template.delete());

  const reading = (fields: Parameters<typeof declareReader>[0]) => {
    const repository = copyRepository(template);
    onTestFinished(repository.delete);
    declareReader(fields)(repository);
    const found = readingsOf(repository.root).find(({ name }) => name.includes('consumes/'));
    if (!found) throw new Error('no reading by a declared schema');
    return found;
  };

  it('gets those fields, and no other', () => {
    const { name, read } = reading([{ name: 'storeId', type: 'string' }]);
    expect(name).toBe('inventory reads StockMoved@1 by apps/inventory/consumes/StockMoved.avsc');
    expect(read().decoded).toEqual({ storeId: 'Store_1' });
  });

  it('is told when the bytes do not hold what it declares', () => {
    expect(reading([{ name: 'storeId', type: 'long' }]).read).toThrow(/storeId|cannot read/);
    expect(reading([{ name: 'till', type: 'string' }]).read).toThrow(/till|default/);
  });
});
