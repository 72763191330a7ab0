import {
  addField,
  all,
  CONSOLE,
  declareReader,
  MOVED,
  MOVED_META,
  moved,
  READER,
  STORE,
} from './check-case.ts';
import type { CheckCase } from './check-case.ts';

const LOCK = 'schemas/contracts.lock.json';

/** Puts files back to what they were before `main` got what the case needs. */
function mend(...files: readonly string[]): CheckCase['change'] {
  return ({ git }) => void git('checkout', '--quiet', 'HEAD~1', '--', ...files);
}

function replace(file: string, from: string, to: string): CheckCase['change'] {
  return ({ change }) => change(file, from, to);
}

const ONLY_RELEASED = 'Events that need it are compared with their released versions only.';

/** What stands at the commit breaks rules: of those it was judged by then, nothing is said; what cannot be read is told. */
export const BASE_CASES: readonly CheckCase[] = [
  {
    name: 'rules that the commit breaks, and that say nothing about bytes',
    base: all(
      replace(MOVED_META, 'owner: store\n', 'onwer: store\n'),
      replace(MOVED_META, 'pii: []', 'pii: [nobody]'),
      replace(STORE, 'asyncapi: 3.1.0', 'asyncapi: 3.0.0'),
      ({ write }) => write('schemas/retail/v1/Unused.avsc', '{"type": "record", "name": "unused"}'),
      ({ remove }) => remove('schemas/contracts.config.yaml'),
    ),
    change: all(mend(MOVED_META, STORE, 'schemas/contracts.config.yaml'), ({ remove }) =>
      remove('schemas/retail/v1/Unused.avsc'),
    ),
  },
  {
    name: 'a doc that the commit does not have, and a change that breaks',
    base: ({ edit }) =>
      edit(MOVED, ({ fields }) => {
        delete fields[0]?.doc;
      }),
    change: all(mend(MOVED), addField('channel', 'string', {}, 'web')),
    findings: [`${MOVED}:60 C010 WIRE fields.channel`],
    verdicts: moved('breaks: fields.channel (C010 WIRE)'),
  },
  {
    name: 'a value of the metadata that the commit has in another form is not compared',
    base: replace(MOVED_META, 'partitions: 6', 'partitions: many'),
    change: mend(MOVED_META),
  },
  {
    name: 'a schema that is not JSON',
    base: replace(MOVED, '"fields"', '"fields'),
    change: mend(MOVED),
    notes: [`main:${MOVED}:6:3 is not JSON: a text that is not closed. ${ONLY_RELEASED}`],
    verdicts: moved('unaffected'),
  },
  {
    name: 'a schema that is not JSON, and a change that its released version cannot go along with',
    base: replace(MOVED, '"fields"', '"fields'),
    change: all(mend(MOVED), addField('channel', 'string', {}, 'web')),
    notes: [`main:${MOVED}:6:3 is not JSON: a text that is not closed. ${ONLY_RELEASED}`],
    findings: [`${MOVED}:60 C010 WIRE fields.channel`],
    verdicts: moved('breaks: fields.channel (C010 WIRE)'),
  },
  {
    name: 'a schema that Avro refuses',
    base: replace(MOVED, '"type": "int"', '"type": "Quantity"'),
    change: mend(MOVED),
    notes: [
      `main:${MOVED}:19:15 is refused by Avro: there is no type eda.retail.v1.Quantity. ${ONLY_RELEASED}`,
    ],
    verdicts: moved('unaffected'),
  },
  {
    name: 'metadata that is not YAML',
    base: replace(MOVED_META, 'topic: ', 'topic: ['),
    change: mend(MOVED_META),
    notes: [
      `main:${MOVED_META}:3:1 is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. ${ONLY_RELEASED}`,
    ],
    verdicts: moved('unaffected'),
  },
  {
    name: 'metadata without a topic',
    base: replace(MOVED_META, 'topic: retail.stock-moved.v1\n', ''),
    change: mend(MOVED_META),
    notes: [`main:${MOVED_META}:1:1 has no topic. ${ONLY_RELEASED}`],
    verdicts: moved('unaffected'),
  },
  {
    name: 'a document that is not YAML: its app is judged by what it receives now',
    base: replace(CONSOLE, 'asyncapi: ', 'asyncapi: ['),
    change: all(mend(CONSOLE), addField('channel', 'string', {}, 'web')),
    notes: [
      `main:${CONSOLE}:2:1 is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. ` +
        'What console received then is not known, only what it receives now.',
    ],
    findings: [`${MOVED}:60 C010 WIRE fields.channel`],
    verdicts: moved('breaks: fields.channel (C010 WIRE)'),
  },
  {
    name: 'a reader schema that Avro refuses',
    base: ({ write }) =>
      write(READER, '{"type":"record","name":"eda.retail.v1.StockMoved","fields":[{"name":"a"}]}'),
    change: declareReader([{ name: 'sku', type: 'string' }]),
    notes: [
      `main:${READER}:1:62 field "a" needs a type. What inventory said then that it reads is not known.`,
    ],
  },
  {
    name: 'a lock that cannot be followed',
    base: ({ write }) => write(LOCK, '{}'),
    change: mend(LOCK),
    notes: [
      `main:${LOCK}:1:1 has no list "versions". Releases that were taken back since then are not noticed.`,
    ],
  },
  {
    name: 'a lock with the marks of a merge',
    base: replace(LOCK, '    {\n', '<<<<<<< HEAD\n    {\n'),
    change: mend(LOCK),
    notes: [
      `main:${LOCK}:3:1 has the marks of a merge conflict. Releases that were taken back since then are not noticed.`,
    ],
  },
  {
    name: 'a frozen copy that is not JSON',
    base: ({ write }) => write('schemas/history/retail/v1/StockMoved@1.avsc', '{'),
    change: mend('schemas/history/retail/v1/StockMoved@1.avsc'),
    notes: [
      'main:schemas/history/retail/v1/StockMoved@1.avsc:1:2 is not JSON: expected a name in double quotes, found the end of the file. ' +
        'Only the copy that stands in the files now counts.',
    ],
  },
];
