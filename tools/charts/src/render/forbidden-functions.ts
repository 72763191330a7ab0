/** Functions of templates whose result depends on something else than the chart and its values. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FORBIDDEN: Readonly<Record<string, string>> = {
  lookup: 'reads the cluster, which Argo CD and `helm template` do not have',
  getHostByName: 'asks DNS',
  env: 'reads the environment of whoever renders',
  expandenv: 'reads the environment of whoever renders',
  ...Object.fromEntries(
    ['now', 'ago'].map((name) => [
      name,
      'gives another result at each render, so that nothing is ever in sync',
    ]),
  ),
  ...Object.fromEntries(
    [
      'randAlpha',
      'randAlphaNum',
      'randAscii',
      'randBytes',
      'randInt',
      'randNumeric',
      'uuidv4',
      'shuffle',
      'genCA',
      'genCAWithKey',
      'genPrivateKey',
      'genSelfSignedCert',
      'genSelfSignedCertWithKey',
      'genSignedCert',
      'genSignedCertWithKey',
      'htpasswd',
      'bcrypt',
      'encryptAES',
    ].map((name) => [name, 'is random, so that each render replaces what the one before has made']),
  ),
};

export interface ForbiddenCall {
  /** From the folder of the chart: `templates/a.yaml:3`. */
  readonly place: string;
  readonly reason: string;
}

/** Returns where the templates of the chart in `folder` call such functions. */
export function forbiddenCalls(folder: string): ForbiddenCall[] {
  return templatesBelow(join(folder, 'templates'), 'templates').flatMap(([file, text]) =>
    callsIn(text).map(({ line, name }) => ({
      place: `${file}:${line}`,
      reason: `${name} ${FORBIDDEN[name] ?? ''}; make it a value, or let an operator of the cluster make it`,
    })),
  );
}

/** Returns the calls in a template, with their lines. */
function callsIn(template: string): { readonly line: number; readonly name: string }[] {
  const found: { line: number; name: string }[] = [];
  for (const { 0: action, index } of template.matchAll(/\{\{[^]*?\}\}/g)) {
    // A word in a comment or a text is no call, and neither is a field or a variable of that name.
    const code = blank(action, /\/\*[^]*?\*\/|"(?:\\.|[^"\\])*"|`[^`]*`/g);
    for (const { 0: name, index: at } of code.matchAll(/(?<![\w.$])[a-zA-Z]\w*/g)) {
      if (Object.hasOwn(FORBIDDEN, name))
        found.push({ line: template.slice(0, index + at).split('\n').length, name });
    }
  }
  return found;
}

function blank(text: string, parts: RegExp): string {
  return text.replace(parts, (part) => part.replaceAll(/[^\n]/g, ' '));
}

function templatesBelow(folder: string, name: string): [name: string, text: string][] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .sort((one, other) => one.name.localeCompare(other.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? templatesBelow(path, `${name}/${entry.name}`)
        : [[`${name}/${entry.name}`, readFileSync(path, 'utf8')] as [string, string]];
    });
}
