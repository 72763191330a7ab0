/** How a problem looks in the description of a route. */
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

/** Returns the entry of a route's `response` for a problem; `description` says when it is answered. */
export function problemResponse(description: string) {
  return { description, content: { 'application/problem+json': { schema: Problem } } };
}
