/** Validation by TypeBox, and its findings as the field errors of a problem. */
import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import type { FieldError } from './problem.ts';

// By default TypeBox stops after eight findings; clients want all. The limit keeps hostile input cheap.
Settings.Set({ maxErrors: 200 });
const MAX_FIELD_ERRORS = 100;

const PARTS = ['params', 'body', 'querystring', 'headers'] as const;
type Part = (typeof PARTS)[number];

const PLACES: Record<Exclude<Part, 'body'>, NonNullable<FieldError['in']>> = {
  params: 'path',
  querystring: 'query',
  headers: 'header',
};

/** Compiles route schemas. Text from path, query and headers becomes numbers where the schema wants them; bodies stay as sent. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    const converted: unknown = httpPart === 'body' ? value : Value.Convert(schema, value);
    if (validator.Check(converted)) return { value: converted };
    return { error: Object.assign(new Error('validation'), { findings: validator.Errors(converted) }) };
  };
};

/**
 * Returns every wrong field of a refused request, in all its parts: the framework stops at the first wrong part,
 * clients want to hear of all.
 */
export function fieldErrorsOf(request: FastifyRequest): FieldError[] {
  const values: Record<Part, unknown> = {
    params: request.params,
    body: request.body === undefined ? null : request.body,
    querystring: request.query,
    headers: request.headers,
  };
  const errors = PARTS.flatMap((part) => {
    const validate = request.getValidationFunction(part);
    const result: unknown = validate?.(values[part]);
    return toFieldErrors(part, findingsOf(result));
  });
  return errors.slice(0, MAX_FIELD_ERRORS);
}

/** Returns the field errors of a value that is no request part of its own (one line of a batch, for example). */
export function fieldErrors(schema: TSchema, value: unknown): FieldError[] {
  return toFieldErrors('body', Value.Errors(schema, value)).slice(0, MAX_FIELD_ERRORS);
}

function findingsOf(result: unknown): TLocalizedValidationError[] {
  const error = (result as { error?: { findings?: TLocalizedValidationError[] } } | undefined)?.error;
  return error?.findings ?? [];
}

function toFieldErrors(part: Part, findings: TLocalizedValidationError[]): FieldError[] {
  const unions = findings
    .filter(({ keyword }) => keyword === 'anyOf')
    .map(({ schemaPath }) => `${schemaPath}/`);
  const outsideUnions = findings.filter(
    ({ schemaPath }) => !unions.some((path) => schemaPath.startsWith(path)),
  );
  const fields = outsideUnions.flatMap((finding) => explain(finding, findings));
  return fields.map(({ path, detail }) =>
    part === 'body'
      ? { pointer: `#${path}`, detail }
      : { parameter: path.slice(1), in: PLACES[part], detail },
  );
}

const escapePointer = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

function explain(
  finding: TLocalizedValidationError,
  all: TLocalizedValidationError[],
): { path: string; detail: string }[] {
  const { instancePath: path, message } = finding;
  const below = (names: readonly PropertyKey[], detail: string) =>
    names.map((name) => ({ path: `${path}/${escapePointer(String(name))}`, detail }));
  switch (finding.keyword) {
    case 'required':
      return below(finding.params.requiredProperties, 'is required');
    case 'additionalProperties':
      return below(finding.params.additionalProperties, 'is not a known field');
    case 'unevaluatedProperties':
      return below(finding.params.unevaluatedProperties, 'is not a known field');
    case 'boolean':
      // What TypeBox reports below `additionalProperties: false`, beside the finding that names the field.
      return [];
    case 'enum':
      return [{ path, detail: `must be one of ${listed(finding.params.allowedValues)}` }];
    case 'anyOf': {
      const constants = all.flatMap((inner) =>
        inner.keyword === 'const' && inner.schemaPath.startsWith(`${finding.schemaPath}/anyOf/`)
          ? [inner.params.allowedValue]
          : [],
      );
      return [{ path, detail: constants.length > 0 ? `must be one of ${listed(constants)}` : message }];
    }
    default:
      return [{ path, detail: message }];
  }
}

const listed = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ');
