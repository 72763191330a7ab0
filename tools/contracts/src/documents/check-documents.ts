import spectral from '@stoplight/spectral-core';
import type { ISpectralDiagnostic, Spectral } from '@stoplight/spectral-core';
import { Resolver } from '@stoplight/spectral-ref-resolver';
import type { Json } from '../contract-model.ts';
import type { Finding } from '../finding.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { Problem } from '../problems.ts';
import { folderTree } from '../read/file-tree.ts';
import type { FileTree } from '../read/file-tree.ts';
import type { SourceFile } from '../read/source-file.ts';
import { Sources } from '../read/sources.ts';
import type { RuleCode } from '../rules.ts';
import { RULES } from '../rules.ts';
import { loadRuleset, RULESET } from './load-ruleset.ts';

const DOCUMENT = /^(?:apps\/[^/]+\/(?:asyncapi\.yaml|openapi\.json)|schemas\/asyncapi\/[^/]+\.yaml)$/;

/**
 * Returns what the AsyncAPI and OpenAPI documents of the apps under `root` have wrong by `schemas/.spectral.yaml`, in the order of
 * the files. Whether they are right otherwise is the business of `lint`. Throws `ContractsInvalid` when the rules are wrong.
 */
export async function checkDocuments(root: string): Promise<Finding[]> {
  const sources = new Sources(folderTree(root));
  // References into other files are not followed: each file is checked itself, and nothing is fetched.
  const checker = new spectral.Spectral({ resolver: new Resolver({ resolvers: {} }) });
  checker.setRuleset(loadRuleset(sources));
  const problems: Problem[] = [];
  for (const file of documentsIn(sources.tree)) {
    const source = file.endsWith('.json') ? sources.json(file, problems) : sources.yaml(file, problems);
    if (source && file.endsWith('.json')) checkIsOpenApi(source, problems);
    if (!isObject(source?.content)) continue;
    problems.push(...(await problemsIn(checker, file, source.content)));
  }
  return sources.findings(problems);
}

/** Rules are for a version, so of another one none would be broken. That of AsyncAPI documents is the business of `lint`. */
function checkIsOpenApi({ file, content }: SourceFile, problems: Problem[]): void {
  const version = isObject(content) ? content['openapi'] : undefined;
  if (typeof version === 'string' && /^3\.1\.\d+$/.test(version)) return;
  problems.push({
    code: 'C063',
    file,
    field: 'openapi',
    what: `is ${JSON.stringify(version ?? null)}, expected 3.1.0`,
    why: 'Tools and our rules read a document by its version.',
    fix: 'Write the document again from the routes of the app.',
  });
}

async function problemsIn(checker: Spectral, file: string, content: JsonObject): Promise<Problem[]> {
  let diagnostics;
  try {
    diagnostics = await checker.run({ ...content }, { ignoreUnknownFormat: true });
  } catch (error) {
    // A condition of a rule meets what it does not expect, null in place of a mapping for example.
    const [line = ''] = (error as Error).message.split('\n');
    return [
      {
        code: 'C032',
        file,
        field: '',
        what: `cannot be held against ${RULESET}: ${line}`,
        why: 'Something in it is so odd that a rule cannot be applied, and what else is wrong is not known.',
        fix: 'Look for entries without a value, and for what npx contracts lint says of the file.',
      },
    ];
  }
  return diagnostics.flatMap((diagnostic) => problemOf(diagnostic, file, content));
}

function documentsIn(tree: FileTree): string[] {
  const folders = tree.entries('apps').flatMap(({ name, kind }) => (kind === 'folder' ? `apps/${name}` : []));
  return ['schemas/asyncapi', ...folders].flatMap((folder) =>
    tree
      .entries(folder)
      .flatMap(({ name, kind }) => (kind === 'file' ? `${folder}/${name}` : []))
      .filter((file) => DOCUMENT.test(file)),
  );
}

function problemOf({ code, message, path }: ISpectralDiagnostic, file: string, content: Json): Problem[] {
  const known = String(code).slice(0, 'C050'.length);
  if (!(known in RULES)) return [];
  return [
    { code: known as RuleCode, file, field: path.join('.'), path: existing(path, content), what: message },
  ];
}

/** The part of the path that is there: a finding may be about what is missing. */
function existing(path: readonly (string | number)[], content: Json): (string | number)[] {
  const known: (string | number)[] = [];
  let value: Json | undefined = content;
  for (const step of path) {
    value = isObject(value)
      ? value[String(step)]
      : Array.isArray(value)
        ? (value as readonly Json[])[Number(step)]
        : undefined;
    if (value === undefined) break;
    known.push(step);
  }
  return known;
}
