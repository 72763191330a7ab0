import { describe, expect, it } from 'vitest';
import { customSchemas, type CustomResourceDefinition } from './crd-to-json-schema.ts';

type Root = NonNullable<
  NonNullable<CustomResourceDefinition['spec']['versions'][number]['schema']>['openAPIV3Schema']
>;

function converted(spec: Root) {
  const files = customSchemas({
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.org',
      names: { kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec', 'status'],
              properties: { spec, status: { type: 'object' } },
            },
          },
        },
        { name: 'v1beta1', served: false },
      ],
    },
  });
  return {
    files: [...files.keys()],
    root: files.get('example.org/widget-v1.json'),
    spec: files.get('example.org/widget-v1.json')?.properties?.['spec'],
  };
}

describe('The schema of a custom resource', () => {
  it('is there for each version that is served', () => {
    expect(converted({ type: 'object' }).files).toEqual(['example.org/widget-v1.json']);
  });

  it('is closed, with metadata and without status', () => {
    const { root } = converted({ type: 'object' });
    expect(root).toMatchObject({
      additionalProperties: false,
      required: ['apiVersion', 'kind', 'metadata', 'spec'],
      properties: { metadata: { additionalProperties: false }, spec: { additionalProperties: false } },
    });
    expect(root?.properties).not.toHaveProperty('status');
  });

  it('is open where the definition keeps unknown fields, and closed again below', () => {
    const { spec } = converted({
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { inner: { type: 'object' } },
    });
    expect(spec).toEqual({
      type: 'object',
      properties: { inner: { type: 'object', additionalProperties: false } },
    });
  });

  it('closes no object of a rule that adds to the structure', () => {
    const oneOf = [{ required: ['a'] }, { properties: { b: { minimum: 1 } }, type: 'object' }];
    const { spec } = converted({ type: 'object', properties: { a: {}, b: {} }, oneOf });
    expect(spec).toMatchObject({ oneOf, additionalProperties: false });
  });

  it('asks for no field that has a default', () => {
    const { spec } = converted({
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { type: 'string', default: 'x' }, b: { type: 'string' } },
    });
    expect(spec?.required).toEqual(['b']);
  });

  it('takes a number or a text for either, and null where it may be null', () => {
    const { spec } = converted({
      type: 'object',
      properties: {
        port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
        size: { type: 'string', nullable: true, enum: ['S', 'L'] },
      },
    });
    expect(spec?.properties).toMatchObject({
      port: { type: ['integer', 'string'] },
      size: { type: ['string', 'null'], enum: ['S', 'L', null] },
    });
  });
});
