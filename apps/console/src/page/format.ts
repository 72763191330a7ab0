/** Numbers, times and names as people read them. */

const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const wholeNumber = new Intl.NumberFormat(undefined);
const compactNumber = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const dateAndTime = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hour12: false,
});
const naturalOrder = new Intl.Collator(undefined, { numeric: true });

/** Returns the local time of day in seconds; `time` is in milliseconds since 1970. */
export function clock(time: number): string {
  return timeOfDay.format(time);
}

/** Returns the part of the second as three digits. */
export function milliseconds(time: number): string {
  return String(time % 1000).padStart(3, '0');
}

/** Returns the local date and time; `time` is in milliseconds since 1970. */
export function moment(time: number): string {
  return dateAndTime.format(time);
}

/** Returns a whole number with separators. */
export function count(value: number): string {
  return wholeNumber.format(value);
}

/** Returns a short form for tight places, for example `12.3K`. */
export function compact(value: number): string {
  return value < 10_000 ? wholeNumber.format(value) : compactNumber.format(value);
}

/** Returns `1 store`, `2 stores`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Orders `Store_2` before `Store_10`. */
export function byName(a: string, b: string): number {
  return naturalOrder.compare(a, b);
}

/** Returns the name of a CloudEvents type without its namespace. */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** A topic's name taken apart: `retail.stock-moved.v1` is `stock-moved` of `retail · v1`. */
export interface TopicName {
  readonly title: string;
  readonly context: string;
}

/** Takes a topic name apart; a dead-letter topic is told by the group that gave the records up. */
export function topicName(topic: string): TopicName {
  const [, domain = '', name = '', version = '', group] =
    /^([^.]+)\.(.+)\.(v\d+)(?:\.([^.]+)\.dlq)?$/.exec(topic) ?? [];
  if (name === '') return { title: topic, context: '' };
  return group === undefined
    ? { title: name, context: `${domain} · ${version}` }
    : { title: 'dead letters', context: `of ${group}` };
}

/** Returns decoded data on one line, for example `sku Item_2 · quantity 5`; what only repeats `key` is left out. */
export function oneLine(data: unknown, key: string | null): string {
  if (data === null || typeof data !== 'object') return String(data);
  return Object.entries(data)
    .filter(([, value]) => value !== null && value !== key)
    .map(([name, value]) => `${name} ${brief(value)}`)
    .join(' · ');
}

function brief(value: unknown): string {
  if (typeof value === 'string') return isoTime.test(value) ? value.slice(11, 19) : value;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value);
    const shown = entries.slice(0, 4).map(([name, inner]) => `${name}: ${brief(inner)}`);
    return `{ ${shown.join(', ')}${entries.length > shown.length ? ', …' : ''} }`;
  }
  return String(value);
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
