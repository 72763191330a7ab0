/** The part of JSON Schema (draft 4, which is what kubeconform reads schemas as) that Kubernetes' own dialects are turned into. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

/** A kind of object by its address in the API. `group` is empty for the core group. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * Returns where the schema of a kind stands in a folder of schemas. kubeconform's own layout shortens a group to its first word, so that
 * two groups could share a file; this one names it in full.
 */
export function schemaFile({ group, version, kind }: Kind): string {
  return `${group === '' ? version : group}/${kind.toLowerCase()}-${version}.json`;
}

/** `schemaFile` as a template of kubeconform. */
export const SCHEMA_FILE_TEMPLATE = '{{ .Group }}/{{ .ResourceKind }}-{{ .ResourceAPIVersion }}.json';

/** Returns the `apiVersion` of a kind. */
export function apiVersionOf({ group, version }: Kind): string {
  return group === '' ? version : `${group}/${version}`;
}
