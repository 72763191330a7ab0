/** Decides which events the reader wants to see. Pure. */
import type { LiveEvent } from '../messages.ts';

/** Returns whether the event is on `topic` (empty: any) and has every one of the words somewhere, in any case. */
export function matches(event: LiveEvent, words: string, topic: string): boolean {
  if (topic !== '' && event.topic !== topic) return false;
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return true;
  const text = searchable(event);
  return wanted.every((word) => text.includes(word));
}

const texts = new WeakMap<LiveEvent, string>();

/** Events never change, so their text is made once; the filter runs over all of them on every message. */
function searchable(event: LiveEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const { topic, key, at, event: decoded, problem } = event;
  const text = [topic, key, at, problem, decoded && JSON.stringify(decoded)]
    .filter(Boolean)
    .join(' ')
    .toLowerCase();
  texts.set(event, text);
  return text;
}
