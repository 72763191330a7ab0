/** Asks the server to put a dead letter back. */
import type { DeadLetterView, RedriveLine } from '../messages.ts';
import { plural } from './format.ts';

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

export interface RedriveAllRequest {
  /** The dead-letter topic. */
  readonly topic: string;
  readonly code: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (redriven: number, selected: number) => void;
}

/** Asks the server to put back all dead letters of a topic, or those of one code; resolves with how it ended, never rejects. */
export async function redriveAll(request: RedriveAllRequest): Promise<RedriveResult> {
  const { topic, code, signal, onProgress } = request;
  let redriven = 0;
  try {
    const response = await fetch(`/api/dead-letters/${encodeURIComponent(topic)}:redrive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(code === undefined ? {} : { code }),
      signal,
    });
    if (!response.ok || !response.body) {
      const { detail, title } = (await response.json()) as { detail?: string; title?: string };
      return { done: false, text: `Nothing put back: ${detail ?? title ?? ''}` };
    }
    for await (const line of linesOf(response.body)) {
      if (line.phase === 'failed')
        return { done: false, text: `${plural(redriven, 'dead letter')} put back, then: ${line.detail}` };
      ({ redriven } = line);
      if (line.phase === 'done') return { done: !line.busy, text: ending(line) };
      if (line.phase === 'putting back') onProgress(redriven, line.selected);
    }
    return { done: false, text: `${plural(redriven, 'dead letter')} put back, then the console was gone` };
  } catch {
    const text = signal.aborted ? 'Stopped' : 'The console does not answer';
    return { done: false, text: `${text}: ${plural(redriven, 'dead letter')} put back` };
  }
}

function ending({ redriven, busy }: { readonly redriven: number; readonly busy: boolean }): string {
  const text = redriven === 0 ? 'Nothing to put back' : `${plural(redriven, 'dead letter')} put back`;
  return busy ? `${text}; somebody else puts the others back` : text;
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<RedriveLine> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as RedriveLine;
  }
}
