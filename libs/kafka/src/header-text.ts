import type { RawHeaders } from './types.ts';

/** The last value of a header as text. */
export function headerText(headers: RawHeaders, name: string): string | undefined {
  const value = headers[name];
  return (Array.isArray(value) ? value.at(-1) : value)?.toString('utf8');
}
