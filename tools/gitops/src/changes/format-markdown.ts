import { cell } from '@eda/contracts-cli/command-line';
import { type ApplicationChange, countLost, type ObjectChange, ROOT } from './environment-changes.ts';
import { lostIn, type EnvironmentChanges, type RepositoryChanges } from './repository-changes.ts';
import { chartText, count, fateNote, fieldText, objectName, objectVerb } from './words.ts';

const FIELDS = 5;

/** Returns the changes as a comment on a pull request: first what is lost, then all of it, folded. */
export function formatMarkdown(changes: RepositoryChanges): string {
  const { against, commit, environments } = changes;
  const lost = lostIn(changes);
  const isSame = environments.every(({ change }) => change === 'same');
  const title =
    lost > 0
      ? 'Merging this destroys something'
      : isSame
        ? 'Merging this changes nothing on the clusters'
        : 'Merging this changes the clusters';
  return `${[
    `## ${title}`,
    `Compared with \`${against}\` (${commit.slice(0, 8)}).`,
    ...changes.notes.map((note) => `> ${cell(note)}`),
    ...(lost > 0 ? [losses(environments)] : []),
    ...environments.map(inEnvironment),
  ].join('\n\n')}\n`;
}

function losses(environments: readonly EnvironmentChanges[]): string {
  const rows = environments.flatMap(({ name, applications }) =>
    applications.flatMap((application) => [
      ...application.lost.map((reason) => [name, application.name, '', reason]),
      ...application.objects.flatMap((object) =>
        object.lost.map((reason) => [
          name,
          application.name,
          objectName(object),
          [reason, fateNote(object)].filter(Boolean).join('. '),
        ]),
      ),
    ]),
  );
  return [
    '| environment | application | object | what is lost |',
    '| --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`),
  ].join('\n');
}

function inEnvironment({ name, change, applications }: EnvironmentChanges): string {
  if (change === 'same') return `**${name}**: nothing changes`;
  if (change === 'deleted')
    return `**${name}** is an environment no more. Its cluster stays as it is, and takes no change any more.`;
  const lost = countLost(applications);
  const title = `${name}${change === 'added' ? ' (new)' : ''}: ${count(applications.length, 'application')}${lost > 0 ? ', destroys' : ''}`;
  return `<details${lost > 0 ? ' open' : ''}>\n<summary>${title}</summary>\n\n${applications.map(inApplication).join('')}\n</details>`;
}

function inApplication(application: ApplicationChange): string {
  const { name, wave, change, chart, settings, values, objects, lost, notes } = application;
  const verb = change === 'deleted' ? '**switched off**' : change;
  const where = name === ROOT ? 'namespaces and projects' : `wave ${wave}`;
  return [
    `- **${cell(name)}** (${where}): ${verb}\n`,
    ...lost.map((reason) => `  - :boom: ${cell(reason)}\n`),
    ...notes.map((note) => `  - ${cell(note)}\n`),
    ...(chart === undefined ? [] : [`  - ${cell(chartText(chart))}\n`]),
    ...settings.map((field) => `  - ${cell(fieldText(field))}\n`),
    ...values.flatMap(({ file, fields }) => [`  - \`${file}\`\n`, ...some(fields.map(fieldText))]),
    ...objects.flatMap(inObject),
  ].join('');
}

function inObject(object: ObjectChange): string[] {
  const note = fateNote(object);
  return [
    `  - ${cell(objectName(object))}: ${object.lost.length > 0 ? `:boom: **${objectVerb(object)}**` : objectVerb(object)}\n`,
    ...object.lost.map((reason) => `    - ${cell(reason)}\n`),
    ...(note === undefined ? [] : [`    - ${note}\n`]),
    ...some(object.fields.map(fieldText)),
  ];
}

function some(lines: readonly string[]): string[] {
  const more = lines.length - FIELDS;
  return [
    ...lines.slice(0, FIELDS).map((line) => `    - ${cell(line)}\n`),
    ...(more > 0 ? [`    - and ${count(more, 'field')} more\n`] : []),
  ];
}
