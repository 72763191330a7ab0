/** `npm run bench:codec`: this repository's codec beside avsc and the registry's client, without brokers. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createFixedCatalog, EVENTS, type SchemaCatalog } from '@eda/contracts';
import { avroType, ValueCodec } from '@eda/contracts/avro';
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { machine } from '../machine.ts';
import { UsageError } from '../options.ts';
import { toMarkdown } from '../report.ts';
import { rounded } from '../statistics.ts';
import { CODEC_CASES, type CodecCase, plainType, withoutField } from './codec-cases.ts';
import { measure } from './measure.ts';

const USAGE = `Measures the codec beside avsc itself and beside @kafkajs/confluent-schema-registry, in one process and in turn.

npm run bench:codec -- [--rounds N]

  --rounds N         how often each is timed; 20 when absent, the median counts
  --help             this text
`;

/** Not the id of an own schema. */
const OLDER_WRITER = 1_000;

async function main(): Promise<number> {
  const { values } = parseOptions();
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError(`--rounds needs a whole number of at least 1, not "${values.rounds}"`);
  const table = [
    ['value, nanoseconds', 'bytes', 'avsc encodes', 'ours', 'ratio', 'avsc decodes', 'ours', 'ratio'],
  ];
  for (const [index, one] of CODEC_CASES.entries()) {
    process.stderr.write(`[${index + 1}/${CODEC_CASES.length + 1}] ${one.name}\n`);
    table.push(await besideAvsc(one, rounds));
  }
  process.stderr.write(`[${CODEC_CASES.length + 1}/${CODEC_CASES.length + 1}] an older writer\n`);
  const older = await besideRegistryClient(rounds);
  const { cores, processor, node } = machine();
  process.stdout.write(
    `${toMarkdown(table)}\n\nA writer without the field unitPrice: ours ${rounded(older.ours)} ns, ` +
      `readerSchema of @kafkajs/confluent-schema-registry ${rounded(older.client)} ns, ${rounded(older.client / older.ours)} times as long.\n` +
      `${cores} cores (${processor}), Node ${node.slice(1)}, ${rounds} rounds.\n`,
  );
  return 0;
}

function parseOptions() {
  try {
    return parseArgs({ options: { rounds: { type: 'string', default: '20' }, help: { type: 'boolean' } } });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Frame, checks and typed errors are in ours; avsc gets the bytes without a frame. */
async function besideAvsc({ name, contract, schema, data }: CodecCase, rounds: number): Promise<string[]> {
  const codec = new ValueCodec(createFixedCatalog(EVENTS));
  const plain = plainType(schema);
  const framed = codec.encode(contract, data);
  const bytes = Buffer.from(framed.subarray(5));
  const plainData: unknown = plain.fromBuffer(bytes);
  const took = await measure(
    {
      avscEncodes: () => plain.toBuffer(plainData),
      oursEncodes: () => codec.encode(contract, data),
      avscDecodes: () => plain.fromBuffer(bytes) as unknown,
      oursDecodes: () => codec.decode(contract, framed),
    },
    rounds,
  );
  return [
    name.split('.').at(-1) ?? name,
    String(bytes.length),
    rounded(took.avscEncodes),
    rounded(took.oursEncodes),
    rounded(took.avscEncodes / took.oursEncodes),
    rounded(took.avscDecodes),
    rounded(took.oursDecodes),
    rounded(took.avscDecodes / took.oursDecodes),
  ];
}

/** Both read what a writer without the field `unitPrice` wrote, as today's schema wants it. */
async function besideRegistryClient(rounds: number): Promise<Record<'ours' | 'client', number>> {
  const one = CODEC_CASES.find(({ data }) => 'unitPrice' in data);
  if (one === undefined) throw new Error('no value has a field unitPrice');
  const writer = withoutField(one.schema, 'unitPrice');
  const written = plainType(writer).toBuffer(one.data);
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(OLDER_WRITER, 1);
  const framed = Buffer.concat([frame, written]);

  const own = createFixedCatalog(EVENTS);
  const writerType = avroType(writer);
  const catalog: SchemaCatalog = {
    own: (subject) => own.own(subject),
    known: (id) => (id === OLDER_WRITER ? writerType : own.known(id)),
    load: () => Promise.reject(new Error('the schema is known')),
  };
  const codec = new ValueCodec(catalog);

  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ schema: JSON.stringify(writer) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new SchemaRegistry({ host });
    const readerSchema = JSON.parse(one.schema) as never;
    return await measure(
      {
        ours: () => codec.decode(one.contract, framed),
        client: () => client.decode(framed, { [SchemaType.AVRO]: { readerSchema } }) as Promise<unknown>,
      },
      rounds,
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
