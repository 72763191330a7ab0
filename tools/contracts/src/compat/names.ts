const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PLAIN_FULL = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const JAVA = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;
const SURROGATE = /[\ud800-\udfff]/;

/** What avsc keeps in plain objects: under these names it finds what every object has. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** True for a name that Avro's Java parser takes: it also takes the letters of other alphabets. */
export function isName(name: string): boolean {
  return PLAIN.test(name) || (JAVA.test(name) && !SURROGATE.test(name));
}

/** True for a name, or a full name, that has nothing that avsc and Java see differently. */
export function isPlainName(fullName: string): boolean {
  return PLAIN_FULL.test(fullName) && !INHERITED.has(fullName);
}

/** Returns the full name of what is called `name` inside of `namespace`. */
export function toFullName(name: string, namespace: string): string {
  return namespace === '' || name.includes('.') ? name : `${namespace}.${name}`;
}
