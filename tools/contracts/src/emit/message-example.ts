import type { ContractModel, EventModel, Json } from '../contract-model.ts';

/** The same in every example, so that what is generated does not change by itself. */
const ID = '019bc0e6-3f80-7a51-8c2d-5e7f90a1b2c3';
const TIME = '2026-01-15T09:30:00.000Z';

/**
 * Returns an entry for `examples` of the AsyncAPI message of an event: the example of its metadata as payload (timestamps as ISO
 * 8601, decimals and bytes as texts), with the headers that the codec writes.
 */
export function messageExample(
  { record, meta }: Pick<EventModel, 'record' | 'meta'>,
  { organisation }: Pick<ContractModel, 'organisation'>,
): Json {
  return {
    name: record.name,
    headers: {
      ce_specversion: '1.0',
      ce_id: ID,
      ce_source: `/${organisation}/${meta.owner}`,
      ce_type: record.fullName,
      ce_time: TIME,
      'content-type': 'application/avro',
    },
    payload: meta.example,
  };
}
