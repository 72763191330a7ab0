/** A document of an app that is missing or cannot be read; the message says which, and what to do. */
export class BadDocument extends Error {
  override readonly name = 'BadDocument';

  constructor(file: string, what: string, remedy: string) {
    super(`${file} ${what}. ${remedy}`);
  }
}
