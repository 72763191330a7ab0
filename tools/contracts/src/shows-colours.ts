/** True for a terminal whose owner did not ask for plain text (https://no-color.org: `NO_COLOR` with any text). */
export function showsColours(
  isTerminal: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return isTerminal === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
