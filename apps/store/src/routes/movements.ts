/** `POST /stores/{storeId}/movements`: one movement. */
import type { HttpApp } from '@eda/service';
import { Type } from 'typebox';
import { fingerprintOf, IdempotencyHeaders } from '../idempotency.ts';
import { MovementBody, StoreId, toStockMoved } from '../movement.ts';
import type { Recorder } from '../recorder.ts';
import { PROBLEMS } from './problems.ts';

const Accepted = Type.Object(
  {
    eventId: Type.String({ format: 'uuid', description: 'The id of the event that tells of this movement.' }),
    storeId: Type.String(),
    sku: Type.String(),
    quantity: Type.Integer(),
    reason: Type.Enum(['SALE', 'RESTOCK'], { type: 'string' }),
    unitPrice: Type.Optional(Type.Number()),
    occurredAt: Type.String({ format: 'date-time' }),
  },
  { description: 'Recorded; the event will be published.' },
);

/** Adds the route; `recorder` throws a problem while the service cannot record yet. */
export function movementRoute(http: HttpApp, recorder: Recorder): void {
  http.post(
    '/stores/:storeId/movements',
    {
      schema: {
        summary: 'Record a sale or a restock of one item in one store',
        operationId: 'recordMovement',
        params: Type.Object({ storeId: StoreId }),
        headers: IdempotencyHeaders,
        body: MovementBody,
        response: { 202: Accepted, ...PROBLEMS },
      },
    },
    async ({ params: { storeId }, body, headers, correlationId }, reply) => {
      const { sku, quantity, reason, unitPrice, occurredAt } = body;
      const movement = toStockMoved({ ...body, storeId }, new Date());
      const text = await recorder.record({
        key: headers['idempotency-key'],
        fingerprint: () =>
          fingerprintOf('movement', JSON.stringify([storeId, sku, quantity, reason, unitPrice, occurredAt])),
        movements: [movement],
        origin: { correlationId },
        answer: ([eventId]) =>
          JSON.stringify({
            eventId,
            storeId,
            sku,
            quantity,
            reason,
            unitPrice,
            occurredAt: movement.occurredAt,
          }),
      });
      // As text, so that an earlier answer is given again byte for byte.
      return reply
        .code(202)
        .type('application/json; charset=utf-8')
        .serializer((payload: unknown) => payload as string)
        .send(text as never);
    },
  );
}
