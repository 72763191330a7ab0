/** The last second that a date can have. */
const LAST_SECOND = 8.64e12;

/**
 * Returns the seconds since 1970 that the text of the variable SOURCE_DATE_EPOCH says (reproducible-builds.org), undefined when it says none.
 */
export function parseSourceDateEpoch(text: string): number | undefined {
  const seconds = /^\d+$/.test(text) ? Number(text) : NaN;
  return seconds <= LAST_SECOND ? seconds : undefined;
}

/** Returns what to tell those who set the variable to such a text. */
export function badSourceDateEpoch(text: string): string {
  return `SOURCE_DATE_EPOCH has to be seconds since 1970, and is "${text}".`;
}
