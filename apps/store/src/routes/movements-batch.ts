/** `POST /movements:batch`: many movements as NDJSON, a result per line. */
import {
  fieldErrors,
  problem,
  type HttpApp,
  type ProblemDetails,
  type TypeBoxTypeProvider,
} from '@eda/service';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { fingerprintOf, IdempotencyHeaders } from '../idempotency.ts';
import { MovementLine, toStockMoved } from '../movement.ts';
import { ndjsonLines, toNdjson } from '../ndjson.ts';
import type { Recorder } from '../recorder.ts';
import { PROBLEMS } from './problems.ts';

const MEDIA_TYPE = 'application/x-ndjson';
export const MAX_LINES = 10_000;
export const MAX_BYTES = 5 * 1024 * 1024;

/** Compiled: checking a line by walking through its schema took a tenth of the CPU of a recorded movement. */
const movementLine = Compile(MovementLine);

const Lines = Type.Any({
  description: 'One JSON object per line: the body of one movement, and its `storeId`.',
  examples: ['{"storeId":"Store_1","sku":"Item_1","quantity":10,"reason":"RESTOCK"}\n'],
});

interface GoodLine {
  readonly line: number;
  readonly movement: MovementLine;
}
interface BadLine {
  readonly line: number;
  readonly status: 400;
  readonly problem: ProblemDetails;
}
type Line = GoodLine | BadLine;

const isGood = (line: Line): line is GoodLine => 'movement' in line;

/** Adds the route. All good lines are one transaction: all of them are recorded, or, when that fails, none. */
export function movementsBatchRoute(http: HttpApp, recorder: Recorder): void {
  // A scope of its own: only here NDJSON is accepted, and nothing else is.
  void http.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(MEDIA_TYPE, { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    addRoute(scope.withTypeProvider<TypeBoxTypeProvider>(), recorder);
    done();
  });
}

function addRoute(scope: Pick<HttpApp, 'post'>, recorder: Recorder): void {
  scope.post(
    '/movements::batch',
    {
      bodyLimit: MAX_BYTES,
      schema: {
        summary: 'Record many movements, one JSON object per line',
        description:
          `NDJSON, at most ${MAX_LINES} lines and ${MAX_BYTES} bytes; blank lines do not count. Good lines are recorded, together or not at all; ` +
          'bad lines are reported by their number and do not stop the good ones. The answer has one line per line sent.',
        operationId: 'recordMovements',
        headers: IdempotencyHeaders,
        body: { content: { [MEDIA_TYPE]: { schema: Lines } } },
        response: {
          200: {
            description:
              'A result per line: `{line, status: 202, eventId}` or `{line, status: 400, problem}`.',
            content: { [MEDIA_TYPE]: { schema: Type.String() } },
          },
          ...PROBLEMS,
        },
      },
    },
    async ({ body, headers, correlationId }, reply) => {
      if (!Buffer.isBuffer(body)) throw problem(415, { detail: `Send ${MEDIA_TYPE}.` });
      const lines = readLines(body);
      const good = lines.filter(isGood);
      const now = new Date();
      const text = await recorder.record({
        key: headers['idempotency-key'],
        fingerprint: () => fingerprintOf('batch', body),
        movements: good.map(({ movement }) => toStockMoved(movement, now)),
        origin: { correlationId },
        answer: (eventIds) => {
          const ids = eventIds.values();
          return toNdjson(
            lines.map((each) =>
              isGood(each) ? { line: each.line, status: 202, eventId: ids.next().value } : each,
            ),
          );
        },
      });
      return reply
        .type(MEDIA_TYPE)
        .serializer((payload: unknown) => payload as string)
        .send(text);
    },
  );
}

function readLines(body: Buffer): Line[] {
  const lines: Line[] = [];
  for (const { line, text } of ndjsonLines(body)) {
    if (lines.length === MAX_LINES) throw problem(413, { detail: `A batch has at most ${MAX_LINES} lines.` });
    lines.push(text === undefined ? bad(line, 'The line is not UTF-8.') : readLine(line, text));
  }
  return lines;
}

function readLine(line: number, text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad(line, 'The line is not valid JSON.');
  }
  if (movementLine.Check(value)) return { line, movement: value };
  const errors = fieldErrors(MovementLine, value);
  return bad(
    line,
    errors.length === 1 ? 'One field is wrong.' : `${errors.length} fields are wrong.`,
    errors,
  );
}

function bad(line: number, detail: string, errors?: ReturnType<typeof fieldErrors>): BadLine {
  const options = { type: 'urn:eda:problem:validation', title: 'The movement is not valid', detail };
  const { details } = problem(400, errors === undefined ? options : { ...options, errors });
  return { line, status: 400, problem: details };
}
