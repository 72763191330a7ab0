/** `npm run record:java-avro`: asks Java's Avro about every case and writes down its answers. Needs Maven and Java 17. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { FIXTURE, type JavaAnswer, type Recorded, SUBJECTS } from './recording.ts';

const questions = SUBJECTS.map((subject) => ({
  schema: subject.schema,
  framed: subject.encode().toString('hex'),
}));
const { status, stdout, stderr, error } = spawnSync(
  'mvn',
  ['-q', '-B', '-f', join(FIXTURE, 'pom.xml'), 'compile', 'exec:java'],
  { input: questions.map((question) => `${JSON.stringify(question)}\n`).join(''), encoding: 'utf8' },
);
// Maven writes colours around the answers.
const lines = stripVTControlCharacters(stdout)
  .split('\n')
  .filter((line) => line.startsWith('{'));
if (status === 0 && lines.length === SUBJECTS.length) {
  const recorded = SUBJECTS.map((subject, index): Recorded => ({
    name: subject.name,
    asked: subject.asked(),
    ...(JSON.parse(lines[index] as string) as JavaAnswer),
  }));
  writeFileSync(join(FIXTURE, 'recorded.json'), `${JSON.stringify(recorded, null, 2)}\n`);
  process.stdout.write(`${recorded.length} answers of Java are recorded.\n`);
} else {
  process.stderr.write(
    `Java's Avro did not answer: ${error?.message ?? `exit code ${status}`}. It needs Maven ("mvn") and Java 17 or newer.\n${stdout}${stderr}\n`,
  );
  process.exitCode = 1;
}
