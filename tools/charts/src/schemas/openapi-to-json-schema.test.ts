import { describe, expect, it } from 'vitest';
import { kubernetesSchemas } from './openapi-to-json-schema.ts';

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const schemas = kubernetesSchemas({
  definitions: {
    [QUANTITY]: { type: 'string' },
    'meta.ObjectMeta': { type: 'object', properties: { name: { type: 'string' } } },
    'apps.Thing': {
      type: 'object',
      required: ['spec'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: ref('meta.ObjectMeta'),
        spec: ref('apps.ThingSpec'),
        status: ref('apps.ThingStatus'),
      },
      'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Thing' }],
    },
    'apps.ThingSpec': {
      type: 'object',
      properties: {
        memory: ref(QUANTITY),
        port: { type: 'string', format: 'int-or-string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        inner: ref('apps.ThingSpec'),
      },
    },
    'apps.ThingStatus': { type: 'object' },
    'apps.ThingList': {
      type: 'object',
      'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'ThingList' }],
    },
    'meta.Options': {
      type: 'object',
      'x-kubernetes-group-version-kind': [
        { group: 'apps', version: 'v1', kind: 'Options' },
        { group: 'batch', version: 'v1', kind: 'Options' },
      ],
    },
    'core.Secret': {
      type: 'object',
      properties: { data: { type: 'object' } },
      'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Secret' }],
    },
  },
});

describe('The schemas of a release of Kubernetes', () => {
  it('are one for each kind that a manifest can be, by group, kind and version', () => {
    expect([...schemas.keys()]).toEqual(['apps/thing-v1.json', 'v1/secret-v1.json']);
  });

  it('know only the fields that the release knows, and no status', () => {
    const thing = schemas.get('apps/thing-v1.json');
    expect(thing).toMatchObject({
      additionalProperties: false,
      required: ['apiVersion', 'kind', 'metadata', 'spec'],
      properties: { apiVersion: { enum: ['apps/v1'] }, kind: { enum: ['Thing'] } },
    });
    expect(thing?.properties).not.toHaveProperty('status');
    expect(thing?.definitions?.['apps.ThingSpec']).toMatchObject({ additionalProperties: false });
  });

  it('hold what they refer to, also what refers to itself, and nothing else', () => {
    const names = Object.keys(schemas.get('apps/thing-v1.json')?.definitions ?? {});
    expect(names.sort()).toEqual(['apps.ThingSpec', QUANTITY, 'meta.ObjectMeta']);
    expect(schemas.get('v1/secret-v1.json')?.definitions).toEqual({});
  });

  it('leave maps open for any key', () => {
    const spec = schemas.get('apps/thing-v1.json')?.definitions?.['apps.ThingSpec'];
    expect(spec?.properties?.['labels']).toEqual({
      type: 'object',
      additionalProperties: { type: 'string' },
    });
    expect(spec?.properties?.['port']).toEqual({ type: ['string', 'integer'] });
  });

  it.each(['1', '0.5', '.5', '100m', '256Mi', '1e3', '-1Gi', '2E'])('take %s for a quantity', (text) => {
    expect(text).toMatch(quantity());
  });

  it.each(['256Mb', '1 Gi', 'Mi', '', '1e', '2KI'])('do not take "%s" for one', (text) => {
    expect(text).not.toMatch(quantity());
  });
});

function quantity(): RegExp {
  return new RegExp(schemas.get('apps/thing-v1.json')?.definitions?.[QUANTITY]?.pattern ?? '');
}
