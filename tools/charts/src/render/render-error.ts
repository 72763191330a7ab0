/** Helm's errors go over several lines and name templates first; who set a value wants to know which one, and why not. */
import { relative } from 'node:path';

export interface ErrorContext {
  readonly chart: string;
  readonly values?: readonly string[];
}

/** Returns what Helm wrote as one line: the chart, the key (or the file), the reason. */
export function explainRenderError(stderr: string, { chart, values = [] }: ErrorContext): string {
  const text = stderr
    .split('\n')
    .filter((line) => !/^(WARNING|level=|Use --debug flag)/.test(line))
    .join('\n')
    .replace(/^(Error: |Error )/, '')
    .trim();
  for (const explain of [schema, refused, valuesFile, badYaml, badTemplate, evaluation, dependencies]) {
    const line = explain(text, { chart, values });
    if (line !== undefined) return named(chart, oneLine(line));
  }
  return named(chart, oneLine(text) || 'Helm ended without a reason');
}

const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, ' ');

function named(chart: string, line: string): string {
  return line.startsWith(`${chart}: `) ? line : `${chart}: ${line}`;
}

type Explain = (text: string, context: Required<ErrorContext>) => string | undefined;

/** The values against values.schema.json, each violation with its place. */
const schema: Explain = (text, { chart }) => {
  if (!text.startsWith("values don't meet the specifications")) return undefined;
  const found: string[] = [];
  let section = chart;
  for (const line of text.split('\n').slice(1)) {
    const [, name] = /^([\w-]+):$/.exec(line.trim()) ?? [];
    if (name !== undefined) section = name;
    const [, pointer = '', reason = ''] = /^\s*- at '([^']*)': (.*)$/.exec(line) ?? [];
    if (reason === '' || /^(validation|anyOf|oneOf|allOf) failed/.test(reason)) continue;
    found.push(violation([...(section === chart ? [] : [section]), ...keysOf(pointer)], reason));
  }
  // Helm names them in another order each time.
  return [...new Set(found)].sort().join('; ');
};

function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function violation(keys: readonly string[], reason: string): string {
  const at = (more: readonly string[] = []) => keyPath([...keys, ...more]);
  const [, unknown] = /^additional properties (.*) not allowed$/.exec(reason) ?? [];
  if (unknown !== undefined)
    return `${quoted(unknown)
      .map((key) => at([key]))
      .join(', ')}: is no value of this chart; see values.yaml`;
  const [, missing] = /^missing propert(?:y|ies) (.*)$/.exec(reason) ?? [];
  if (missing !== undefined)
    return `${quoted(missing)
      .map((key) => at([key]))
      .join(', ')}: is missing`;
  const [, least, got, want] = /^(minimum|maximum): got (\S+), want (\S+)$/.exec(reason) ?? [];
  if (least !== undefined)
    return `${at()}: is ${got}, and has to be at ${least === 'minimum' ? 'least' : 'most'} ${want}`;
  if (/^minLength: got 0/.test(reason)) return `${at()}: is empty`;
  const [, is, should] = /^got (\S+), want (.+)$/.exec(reason) ?? [];
  if (is !== undefined) return `${at()}: is of type ${is}, and has to be ${should}`;
  return `${at()}: ${reason}`;
}

const quoted = (text: string) => [...text.matchAll(/'([^']*)'/g)].map(([, name]) => name ?? '');

function keyPath(keys: readonly string[]): string {
  const path = keys.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join('');
  return path.replace(/^\./, '') || 'the values';
}

/** `fail` and `required`: the chart's own words. */
const refused: Explain = (text) => {
  const [, reason] = /execution error at \([^)]*\): ([^]*)$/.exec(text) ?? [];
  return reason;
};

/** A file of values that Helm cannot read. */
const valuesFile: Explain = (text, { values }) => {
  const [, file, reason] =
    /^failed to parse ([^\n]*?): (?:cannot unmarshal yaml document: )?([^]*)$/.exec(text) ?? [];
  if (file !== undefined && reason !== undefined) {
    const why = reason.includes('cannot unmarshal')
      ? `has to hold keys and values, and holds ${/cannot unmarshal (\w+)/.exec(reason)?.[1] ?? 'something else'}`
      : `is no YAML: ${withoutLayers(reason)}`;
    return `${relative('', file) || file}: ${why}`;
  }
  const absent = values.find((path) => text.includes(`open ${path}: no such file`));
  return absent === undefined ? undefined : `${relative('', absent)}: there is no such file of values`;
};

/** A template whose output is no YAML. */
const badYaml: Explain = (text) => {
  const [, file, reason] = /YAML parse error on [^/\s]+\/(\S+): ([^]*)$/.exec(text) ?? [];
  if (file === undefined || reason === undefined) return undefined;
  return `${file}: renders to no YAML with these values: ${withoutLayers(reason)} of what it renders to`;
};

const withoutLayers = (reason: string) =>
  reason.replace(/^error (converting YAML to JSON|unmarshaling JSON): /, '').replace(/^yaml: /, '');

const badTemplate: Explain = (text) => {
  const [, place, reason] = /^parse error at \([^/)]+\/([^)]+)\): ([^]*)$/.exec(text) ?? [];
  return place === undefined ? undefined : `${place}: is no template: ${reason}`;
};

/** A template that cannot be evaluated; the innermost place counts. */
const evaluation: Explain = (text) => {
  const places = [
    ...text.matchAll(/^(?:[^/\s]+\/)?(\S+?):(\d+)(?::\d+)?$\n\s+executing "[^"]*" at <(.*)>:$/gm),
  ];
  const [, file, line, expression = ''] = places.at(-1) ?? [];
  if (file === undefined || line === undefined) return undefined;
  const reason = oneLine(text.split('\n').slice(-1)[0] ?? '');
  const [, key] = /\.Values\.([\w.]+)/.exec(expression) ?? [];
  const where = `${file}:${line} cannot evaluate ${expression}`;
  if (key !== undefined && /nil pointer|can't evaluate field/.test(reason))
    return `${key}: is missing, or what it is below of is; ${where}`;
  return `${file}:${line}: cannot evaluate ${expression}: ${reason.replace(/^template: /, '')}`;
};

const dependencies: Explain = (text) => {
  const [, names] = /missing in charts\/ directory: (.*)$/m.exec(text) ?? [];
  return names === undefined
    ? undefined
    : `the charts it depends on are not there: ${names}; helm dependency build`;
};
