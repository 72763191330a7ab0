/** What is given to Java and what it answered; the answers are recorded, so that nobody needs Java to test against them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFixedCatalog, type AnyEventContract } from '@eda/contracts';
import { ValueCodec } from '@eda/contracts/avro';
import { JAVA_CASES, type JavaCase } from './cases.ts';

export const FIXTURE = join(import.meta.dirname, '../../fixture/java-avro');

export interface JavaAnswer {
  readonly text: string;
  /** Framed bytes as hexadecimal digits. */
  readonly framed: string;
  readonly blocks: string;
}

export interface Recorded extends JavaAnswer {
  readonly name: string;
  /** Of schema and bytes that Java was given. */
  readonly asked: string;
}

/** A case with its codec. */
export class JavaSubject {
  readonly name: string;
  readonly schema: string;
  readonly case: JavaCase;
  readonly #contract: AnyEventContract;
  readonly #codec: ValueCodec;

  constructor(javaCase: JavaCase) {
    this.name = javaCase.name;
    this.case = javaCase;
    this.schema = JSON.stringify({
      type: 'record',
      name: 'Case',
      namespace: 'eda.test',
      fields: [{ name: 'value', type: javaCase.type }],
    });
    this.#contract = {
      subject: javaCase.name,
      schema: this.schema,
      type: 'eda.test.Case',
    } as AnyEventContract;
    this.#codec = new ValueCodec(createFixedCatalog([this.#contract]));
  }

  /** Our framed bytes of the value. */
  encode(): Buffer {
    return this.#codec.encode(this.#contract, { value: this.case.value });
  }

  /** The value in framed bytes. */
  decode(framed: Buffer): unknown {
    return this.#codec.decode(this.#contract, framed);
  }

  /** What identifies the question. */
  asked(): string {
    return createHash('sha256').update(this.schema).update(this.encode()).digest('hex');
  }
}

export const SUBJECTS: readonly JavaSubject[] = JAVA_CASES.map((one) => new JavaSubject(one));

/** Returns the recorded answers, by the name of the case. */
export function readRecorded(): ReadonlyMap<string, Recorded> {
  const answers = JSON.parse(readFileSync(join(FIXTURE, 'recorded.json'), 'utf8')) as Recorded[];
  return new Map(answers.map((answer) => [answer.name, answer]));
}
