import { sha256Of } from '../../sha256-of.ts';
import { addField, MOVED, moved } from './check-case.ts';
import type { CheckCase } from './check-case.ts';

const LOCK = 'schemas/contracts.lock.json';
const COPY = 'schemas/history/retail/v1/StockMoved@1.avsc';

export const LOCK_CASES: readonly CheckCase[] = [
  {
    name: 'an event is released again',
    change: (repository) => {
      addField('channel', 'string', { default: 'store' })(repository);
      repository.release();
    },
    verdicts: moved('unaffected'),
  },
  {
    name: 'a released version is edited',
    change: ({ change }) => change(COPY, '"int"', '"long"'),
    findings: [`${COPY}:1 C015  `],
  },
  {
    name: 'a version that only history remembers is edited, with its entry: what is committed counts',
    base: (repository) => {
      addField('note', 'string', { default: '' })(repository);
      repository.release();
      repository.edit(MOVED, ({ fields }) => fields.pop());
      repository.release();
    },
    change: (repository) => {
      const { change, edit, read } = repository;
      addField('note', 'int', { default: 0 })(repository);
      const copy = COPY.replace('@1', '@2');
      edit(copy, ({ fields }) => fields.pop());
      change(copy, '"doc": "One item', '"doc": "An item');
      const edited = sha256Of(JSON.stringify(JSON.parse(read(copy))));
      edit(LOCK, ({ versions }) => {
        for (const entry of versions.filter(({ file }) => file === copy)) entry.sha256 = edited;
      });
    },
    findings: [`${LOCK}:30 C016  `, `${MOVED}:61 C011 WIRE fields.note`],
    verdicts: moved('breaks: fields.note (C011 WIRE)'),
  },
  {
    name: 'the copy of a released version is removed',
    change: ({ remove }) => remove(COPY),
    findings: [`${LOCK}:19 C015  `],
  },
  {
    name: 'a copy without an entry',
    change: ({ write }) => write(COPY.replace('@1', '@7'), '"int"'),
    findings: [`${COPY.replace('@1', '@7')}:1 C015  `],
  },
  {
    name: 'an entry is removed',
    change: ({ edit, remove }) => {
      edit(LOCK, (lock) => (lock.versions = lock.versions.filter(({ file }) => file !== COPY)));
      remove(COPY);
    },
    findings: [`${LOCK}:2 C016  `],
  },
  {
    name: 'the lock is removed',
    change: ({ remove }) => remove(LOCK),
    findings: Array.from({ length: 4 }, () => `${LOCK}:1 C016  `),
  },
  {
    name: 'a merge stopped in the lock',
    change: ({ change }) => change(LOCK, '    {\n', '<<<<<<< HEAD\n    {\n'),
    findings: [`${LOCK}:3 C018  `],
  },
  {
    name: 'two branches released, and both entries were kept',
    change: ({ edit }) =>
      edit(LOCK, ({ versions }) =>
        versions.push(...versions.slice(2, 3).map((entry) => ({ ...entry, sha256: 'f00d' }))),
      ),
    findings: [`${LOCK}:29 C018  `],
  },
  {
    name: 'a lock that is none',
    change: ({ write }) => write(LOCK, '{"versions": {}}'),
    findings: [`${LOCK}:1 C018  `],
  },
  {
    name: 'an entry that is none',
    change: ({ edit }) =>
      edit(LOCK, ({ versions }) => versions.push({ ...versions[0], version: 'two' } as never)),
    findings: [`${LOCK}:27 C018  `],
  },
  {
    name: 'a lock that is not JSON',
    change: ({ write }) => write(LOCK, '{"versions": [,]}'),
    findings: [`${LOCK}:1 C032  `],
  },
];
