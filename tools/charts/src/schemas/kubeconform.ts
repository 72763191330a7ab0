/** Compares objects with the schemas of their kinds, by kubeconform. */
import { join } from 'node:path';
import { ChartError } from '../errors.ts';
import { runProgram } from '../run-program.ts';
import { SCHEMA_FILE_TEMPLATE } from './json-schema.ts';
import type { SchemaFolders } from './schema-cache.ts';

/** A place where an object is not what its kind says. */
export interface SchemaViolation {
  readonly object: string;
  readonly path?: string;
  readonly reason: string;
}

interface Report {
  readonly resources?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly version: string;
    readonly status: string;
    readonly msg: string;
  }[];
}

/**
 * Returns what is wrong with the objects of `manifest` (YAML documents) on a release of Kubernetes: unknown fields and kinds, wrong types,
 * missing fields, keys that are there twice. Not seen: rules in CEL, and words that a field of Kubernetes' own kinds may not hold, which
 * its published document does not name.
 */
export async function checkSchemas(
  manifest: string,
  {
    kubeconform,
    schemas,
    kubernetes,
  }: { readonly kubeconform: string; readonly schemas: SchemaFolders; readonly kubernetes: string },
): Promise<SchemaViolation[]> {
  const builtIn = schemas.kubernetes.get(kubernetes);
  if (builtIn === undefined) throw new ChartError(`There are no schemas of Kubernetes ${kubernetes}.`);
  const locations = [builtIn, ...schemas.custom].flatMap((folder) => [
    '-schema-location',
    join(folder, SCHEMA_FILE_TEMPLATE),
  ]);
  const { stdout, stderr } = await runProgram(
    kubeconform,
    ['-strict', '-n', '1', '-output', 'json', ...locations, '-'],
    {
      input: manifest,
    },
  );
  return violationsOf(parse(stdout, stderr));
}

function parse(stdout: string, stderr: string): Report {
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    throw new ChartError(`kubeconform could not be used: ${(stderr || stdout).trim().split('\n')[0] ?? ''}`);
  }
}

function violationsOf({ resources = [] }: Report): SchemaViolation[] {
  return resources.flatMap(({ kind, name, version, status, msg }) => {
    const object = `${kind}/${name}`;
    if (status !== 'statusInvalid' && status !== 'statusError') return [];
    if (msg.startsWith('could not find schema')) {
      return [
        {
          object,
          path: 'apiVersion',
          reason:
            `neither Kubernetes nor an operator of the platform serves ${kind} in ${version}; ` +
            'name a version that is served, or add its definition to tools/charts/schema-sources',
        },
      ];
    }
    const parts = partsOf(msg);
    if (parts.length === 0) return [{ object, reason: oneLine(msg) }];
    return parts.map(({ path, reason }) => ({
      object,
      ...(path === '' ? {} : { path }),
      reason: `${reason}; ${kind} of ${version} says so`,
    }));
  });
}

/** The grammar of a quantity says little to who mistyped one. */
function readable(reason: string): string {
  const [, quantity] = /^('.*') does not match pattern '.*\(\[KMGTPE\]i\)\|\[numkMGTPE\]/.exec(reason) ?? [];
  return quantity === undefined ? reason : `${quantity} is no quantity, such as 100m or 256Mi`;
}

const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, ' ');

/**
 * The places and reasons in a message. The report has them as a list, too, but only the outermost: two mistakes in a `spec` are one
 * "validation failed" there.
 */
function partsOf(message: string): { readonly path: string; readonly reason: string }[] {
  const [, ...parts] = message.split(/ +- at '([^']*)': /);
  const found = new Map<string, { readonly path: string; readonly reason: string }>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const path = keyPath(parts[index] ?? '');
    const reason = readable(oneLine(parts[index + 1] ?? ''));
    if (reason !== 'validation failed') found.set(`${path} ${reason}`, { path, reason });
  }
  // It names them in another order each time.
  return [...found.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, part]) => part);
}

/** From a JSON pointer to a path as people write it. */
function keyPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `["${part}"]`))
    .join('')
    .replace(/^\./, '');
}
