/** The variables of an app, as the table in the README of its chart. */
import { chosenVariables, type AppConfig, type VariableSchema } from './app-config.ts';
import { cell } from './readme-block.ts';

/** Returns a Markdown table of the variables that may stand under `config`. */
export function configTable(config: AppConfig): string {
  const rows = chosenVariables(config).map(
    ([name, variable]) => `| \`${name}\` | ${text(variable)} | ${byDefault(variable)} |`,
  );
  return ['| variable | what it is | default of the app |', '| --- | --- | --- |', ...rows].join('\n');
}

function text({ description = '', minimum, maximum }: VariableSchema): string {
  return cell(minimum === undefined ? description : `${description}; ${minimum} to ${maximum}`);
}

function byDefault({ default: value }: VariableSchema): string {
  const shown = [value].flat().map(String).join(',');
  return value === undefined || shown === '' ? '' : `\`${shown}\``;
}
