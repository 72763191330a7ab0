/** Asks the server to put a dead letter back. */
import type { DeadLetterView } from '../messages.ts';

/** What the reader is told about a redrive. */
export interface RedriveResult {
  readonly done: boolean;
  readonly text: string;
}

/** Resolves with what happened, in words; never rejects. */
export async function redrive({ topic, partition, offset }: DeadLetterView): Promise<RedriveResult> {
  const place = [topic, partition, offset].map((part) => encodeURIComponent(part)).join('/');
  try {
    const response = await fetch(`/api/dead-letters/${place}:redrive`, { method: 'POST' });
    const body = (await response.json()) as Partial<
      Record<'topic' | 'partition' | 'offset' | 'detail' | 'title', unknown>
    >;
    return response.ok
      ? {
          done: true,
          text: `Put back: ${String(body.topic)}, partition ${String(body.partition)}, offset ${String(body.offset)}`,
        }
      : { done: false, text: `Not put back: ${String(body.detail ?? body.title)}` };
  } catch {
    return { done: false, text: 'Not put back: the console does not answer' };
  }
}
