/** The problems every route can answer with, for its description. */
import { Type } from 'typebox';

const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    requestId: Type.Optional(Type.String()),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.Optional(Type.String({ description: 'JSON pointer into the body' })),
          parameter: Type.Optional(Type.String()),
          in: Type.Optional(Type.Enum(['path', 'query', 'header'], { type: 'string' })),
          detail: Type.String(),
        }),
      ),
    ),
  },
  { description: 'Problem details, RFC 9457' },
);

const as = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
});

export const PROBLEMS = {
  400: as('The request is not valid; every wrong field is listed.'),
  413: as('The body is too large.'),
  415: as('The content type is not accepted.'),
  422: as('The Idempotency-Key was used for another request.'),
  503: as(
    'The database cannot be reached or the service is starting; try again after `Retry-After` seconds.',
  ),
};
