import type { ApplicationChange, ObjectChange } from './environment-changes.ts';
import { ROOT } from './environment-changes.ts';
import { lostIn, type EnvironmentChanges, type RepositoryChanges } from './repository-changes.ts';
import { chartText, count, fateNote, fieldText, objectName, objectVerb } from './words.ts';

/** How many fields of an object are shown. */
const FIELDS = 12;

type Paint = (code: number, text: string) => string;
const RED = 31;
const GREEN = 32;
const YELLOW = 33;
const BOLD = 1;

/** Returns the changes for people; `colours` are for a terminal. */
export function formatText(changes: RepositoryChanges, { colours }: { readonly colours: boolean }): string {
  const paint: Paint = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = changes.environments.flatMap((environment) => [...inEnvironment(environment, paint), '']);
  const lost = lostIn(changes);
  const end =
    lost > 0
      ? paint(RED, `This destroys: see the ${count(lost, 'line')} marked by !`)
      : 'Nothing is destroyed.';
  return [
    `Compared with ${changes.against} (${changes.commit.slice(0, 8)}):`,
    ...changes.notes.map((note) => paint(YELLOW, note)),
    '',
    ...lines,
    end,
  ].join('\n');
}

function inEnvironment({ name, change, applications }: EnvironmentChanges, paint: Paint): string[] {
  const title = paint(BOLD, name);
  if (change === 'same') return [`${title}: nothing changes`];
  if (change === 'deleted')
    return [
      `${title}: ${paint(YELLOW, 'is an environment no more; its cluster stays as it is, and takes no change any more')}`,
    ];
  return [
    `${title}${change === 'added' ? paint(GREEN, ' is new') : ''}`,
    ...applications.flatMap((application) => inApplication(application, paint)),
  ];
}

function inApplication(application: ApplicationChange, paint: Paint): string[] {
  const { name, wave, change, chart, settings, values, objects, lost, notes } = application;
  const sign = { added: '+', changed: '~', deleted: '-' }[change];
  const colour = { added: GREEN, changed: YELLOW, deleted: RED }[change];
  const where = name === ROOT ? 'namespaces and projects' : `wave ${wave}`;
  return [
    `  ${paint(colour, `${sign} ${name}`)} (${where})${change === 'deleted' ? paint(RED, ' is switched off') : ''}`,
    ...lost.map((reason) => `      ${paint(RED, `! ${reason}`)}`),
    ...notes.map((note) => `      ${note}`),
    ...(chart === undefined ? [] : [`      ${chartText(chart)}`]),
    ...settings.map((field) => `      ${fieldText(field)}`),
    ...values.flatMap(({ file, fields }) => [`      ${file}`, ...some(fields.map(fieldText), '        ')]),
    ...objects.flatMap((object) => inObject(object, paint)),
  ];
}

function inObject(object: ObjectChange, paint: Paint): string[] {
  const { change, fields, lost } = object;
  const sign = { added: '+', changed: '~', deleted: '-', again: '>' }[change];
  const isGone = change === 'deleted' && object.fate !== 'stays';
  const colour = isGone || lost.length > 0 ? RED : change === 'added' ? GREEN : YELLOW;
  const verb = change === 'added' || change === 'changed' ? '' : ` ${objectVerb(object)}`;
  const note = fateNote(object);
  return [
    `      ${paint(colour, `${sign} ${objectName(object)}${verb}`)}`,
    ...lost.map((reason) => `          ${paint(RED, `! ${reason}`)}`),
    ...(note === undefined ? [] : [`          ${note}`]),
    ...some(fields.map(fieldText), '          '),
  ];
}

function some(lines: readonly string[], indent: string): string[] {
  const more = lines.length - FIELDS;
  return [...lines.slice(0, FIELDS), ...(more > 0 ? [`and ${count(more, 'field')} more`] : [])].map(
    (line) => `${indent}${line}`,
  );
}
