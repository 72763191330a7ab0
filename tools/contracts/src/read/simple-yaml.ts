import { CORE_SCHEMA, load } from 'js-yaml';
import type { Json } from '../contract-model.ts';
import { MAX_DEPTH } from './source-file.ts';

/** A text in quotes, whole and on one line, where a key or a value may stand. */
const QUOTED = /(?<=^ *|[:,[-] |\[)(?:'[^'\n]*'|"[^"\\\n]*")(?=$|[,\]:])/gm;

/**
 * What keeps a document from being simple, once its quoted texts are gone: other quotes and what may be one, anchors, tags,
 * directives, several documents, explicit or empty keys, lists in brackets over several lines, mappings in braces, and
 * numbers that not every reader of YAML understands alike.
 */
const STRANGE =
  /[\t\r{}\\"\u0080-\u00a0\u2028\u2029\ufeff]|(?<!\w)'|'(?!\w)|(?:^|[\s[,-])[&*!]\S|^(?:---|\.\.\.|%)|^[ -]*[?:](?: |$)|(?:~|\bnull) *:|\[[^\]\n]*(?:[?:[\n]|$)|\](?![,\]\n])|<<|(?:^|[\s[,])[-+]?(?:[\d.]+e|0[box]|[\d.]+_|\.(?:inf|nan))/im;

/**
 * Returns what the YAML in `text` says when it is of the plain kind that most is; undefined for everything else, also for what
 * is no YAML. Says the same as `yaml`, in a tenth of the time, but not where anything stands.
 */
export function simpleYaml(text: string): Json | undefined {
  if (STRANGE.test(text.replace(QUOTED, 'q'))) return undefined;
  try {
    const content = load(text, { schema: CORE_SCHEMA }) as Json | undefined;
    return isDeeperThan(content, MAX_DEPTH) ? undefined : content;
  } catch {
    return undefined;
  }
}

/** Also true for what contains itself. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels < 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
