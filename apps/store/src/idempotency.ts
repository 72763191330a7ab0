/** Idempotency keys: a request sent again gets the answer it got, and nothing happens twice. */
import { problem, withTransaction, type Pool, type PoolClient } from '@eda/service';
import { createHash } from 'node:crypto';
import { Type } from 'typebox';

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      description:
        'Any name for this request, 1 to 255 visible ASCII characters. Sent again with the same body within the time keys are kept, ' +
        'the request gets the same answer and is not recorded again; with another body it is refused.',
    }),
  ),
});

export interface KeyedRequest {
  readonly key: string | undefined;
  /** Tells what must be the same when the key is the same; see `fingerprintOf`. Only asked when there is a key. */
  readonly fingerprint: () => string;
}

export interface Answer {
  readonly text: string;
  /** Whether this request had been answered before. */
  readonly replayed: boolean;
}

/** Returns a digest of the parts of a request, each told from the next. */
export function fingerprintOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return hash.digest('hex');
}

/**
 * Runs `work` in a transaction and keeps its answer under the request's key in the same transaction; without a key it
 * just runs. A key that was answered returns that answer, of two requests at the same time the second waits for the
 * first. Throws a 422 problem when the key was used for another request.
 */
export function answerOnce(
  pool: Pool,
  { key, fingerprint }: KeyedRequest,
  work: (tx: PoolClient) => Promise<string>,
): Promise<Answer> {
  return withTransaction(pool, async (tx) => {
    if (key === undefined) return { text: await work(tx), replayed: false };

    const print = fingerprint();
    const claimed = await tx.query(
      `INSERT INTO idempotency_key (key, fingerprint, answer) VALUES ($1, $2, '') ON CONFLICT (key) DO NOTHING`,
      [key, print],
    );
    if (claimed.rowCount === 0) return { text: await earlierAnswer(tx, key, print), replayed: true };

    const text = await work(tx);
    await tx.query('UPDATE idempotency_key SET answer = $2 WHERE key = $1', [key, text]);
    return { text, replayed: false };
  });
}

async function earlierAnswer(tx: PoolClient, key: string, print: string): Promise<string> {
  const { rows } = await tx.query<{ fingerprint: string; answer: string }>(
    'SELECT fingerprint, answer FROM idempotency_key WHERE key = $1',
    [key],
  );
  const [earlier] = rows;
  if (earlier === undefined) {
    throw problem(409, {
      detail: 'This Idempotency-Key was forgotten while it was looked up; send the request again.',
    });
  }
  if (earlier.fingerprint !== print) {
    throw problem(422, {
      type: 'urn:eda:problem:idempotency-key-reused',
      title: 'Idempotency-Key used for another request',
      detail: 'This key came with another request before. Use a new key for a new request.',
    });
  }
  return earlier.answer;
}

/** Forgets keys older than `hours`; returns how many. */
export async function forgetOldKeys(pool: Pool, hours: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM idempotency_key WHERE created_at < now() - make_interval(hours => $1)`,
    [hours],
  );
  return rowCount ?? 0;
}
