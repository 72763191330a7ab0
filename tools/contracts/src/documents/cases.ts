import type { ContractsCopy } from '../copy-contracts.ts';
import { COMMON, INVENTORY, replace, STORE } from '../lint/cases/lint-case.ts';

/** A change to documents that keep the rules, and the first line of each finding; why and fix are those of the code. */
export interface DocumentCase {
  readonly name: string;
  readonly change: (contracts: ContractsCopy) => void;
  readonly lines: readonly string[];
}

const OPENAPI_FILE = 'apps/store/openapi.json';

/** An OpenAPI document that keeps the rules. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: { title: 'Store', version: '1.0.0', description: 'Records movements.' },
  paths: {
    '/stores/{storeId}/movements': {
      post: {
        operationId: 'recordMovement',
        summary: 'Record a movement',
        parameters: [
          {
            name: 'storeId',
            in: 'path',
            required: true,
            description: 'The store.',
            schema: { type: 'string' },
          },
        ],
        requestBody: {
          content: { 'application/json': { schema: { type: 'object', additionalProperties: false } } },
        },
        responses: {
          '202': { description: 'Recorded.' },
          '400': { description: 'Refused.', content: { 'application/problem+json': {} } },
        },
      },
    },
  },
};

/** Replaces `from` in the OpenAPI document by `to`. */
const openapi = (from: string, to: string) => replace(OPENAPI_FILE, from, to);

export const DOCUMENT_RULE_CASES: readonly DocumentCase[] = [
  {
    name: 'an id that does not name the app',
    change: replace(STORE, 'id: urn:eda:store', 'id: store'),
    lines: ['apps/store/asyncapi.yaml:2:5 error C050 id: is store, expected urn:<organisation>:<app>'],
  },
  {
    name: 'no owner',
    change: replace(STORE, 'name: owner:store', 'name: store'),
    lines: ['apps/store/asyncapi.yaml:10:3 error C051 info.tags: has no tag owner:<app>'],
  },
  {
    name: 'a channel without a title',
    change: replace(STORE, '    title: ', '    x-title: '),
    lines: ['apps/store/asyncapi.yaml:24:3 error C052 channels.stockMoved: has no title'],
  },
  {
    name: 'a channel without a description',
    change: replace(
      INVENTORY,
      '    description: The stock of each store',
      '    x-description: The stock of each store',
    ),
    lines: ['apps/inventory/asyncapi.yaml:26:3 error C052 channels.storeStockChanged: has no description'],
  },
  {
    name: 'an operation that is written otherwise',
    change: replace(INVENTORY, '  consumeStockMoved:', '  consume-stock-moved:'),
    lines: [
      'apps/inventory/asyncapi.yaml:64:3 error C053 operations.consume-stock-moved: is not written like orderPlaced',
    ],
  },
  {
    name: 'a message without name, title and summary',
    change: (contracts) => {
      replace(STORE, '      name: StockMoved', '      x-name: StockMoved')(contracts);
      replace(STORE, '      title: ', '      x-title: ')(contracts);
      replace(STORE, '      summary: ', '      x-summary: ')(contracts);
    },
    lines: [
      'apps/store/asyncapi.yaml:47:5 error C054 components.messages.stockMoved: has no name',
      'apps/store/asyncapi.yaml:47:5 error C054 components.messages.stockMoved: has no summary',
      'apps/store/asyncapi.yaml:47:5 error C054 components.messages.stockMoved: has no title',
    ],
  },
  {
    name: 'a key that is not explained',
    change: replace(
      INVENTORY,
      '            description: The store (storeId)',
      '            x-description: The store (storeId)',
    ),
    lines: [
      'apps/inventory/asyncapi.yaml:114:11 error C055 components.messages.storeStockChanged.bindings.kafka.key: does not say what the key of the record is',
    ],
  },
  {
    name: 'an old version of the binding',
    change: replace(STORE, 'bindingVersion: 0.5.0', 'bindingVersion: 0.4.0'),
    lines: [
      'apps/store/asyncapi.yaml:34:25 error C056 channels.stockMoved.bindings.kafka.bindingVersion: is 0.4.0, expected 0.5.0',
    ],
  },
  {
    name: 'a server without a registry',
    change: replace(
      'schemas/asyncapi/common.yaml',
      '        schemaRegistryUrl',
      '        x-schemaRegistryUrl',
    ),
    lines: [
      'schemas/asyncapi/common.yaml:10:7 error C057 servers.local.bindings.kafka: does not say where its schemas are',
    ],
  },
  {
    name: 'a path that is written otherwise',
    change: openapi('/stores/{storeId}/movements', '/Stores/{store_id}/movements'),
    lines: [
      'apps/store/openapi.json:9:5 error C058 paths./Stores/{store_id}/movements: is not written like /stores/{storeId}/stock or /movements:batch',
    ],
  },
  {
    name: 'an HTTP operation without name and summary',
    change: (contracts) => {
      openapi('"operationId"', '"x-operationId"')(contracts);
      openapi('"summary"', '"x-summary"')(contracts);
    },
    lines: [
      'apps/store/openapi.json:10:7 error C059 paths./stores/{storeId}/movements.post: has no operationId',
      'apps/store/openapi.json:10:7 error C059 paths./stores/{storeId}/movements.post: has no summary',
    ],
  },
  {
    name: 'a parameter that is not explained',
    change: openapi('"description": "The store."', '"x-description": "The store."'),
    lines: [
      'apps/store/openapi.json:13:9 error C060 paths./stores/{storeId}/movements.post.parameters.0: does not say what it means',
    ],
  },
  {
    name: 'an error in HTML',
    change: openapi('application/problem+json', 'text/html'),
    lines: [
      'apps/store/openapi.json:40:13 error C061 paths./stores/{storeId}/movements.post.responses.400.content: is not answered with application/problem+json',
    ],
  },
  {
    name: 'an error without a body',
    change: openapi(
      '"content": {\n              "application/problem+json"',
      '"x-content": {\n              "application/problem+json"',
    ),
    lines: [
      'apps/store/openapi.json:38:11 error C061 paths./stores/{storeId}/movements.post.responses.400: is not answered with application/problem+json',
    ],
  },
  {
    name: 'a body that is open',
    change: openapi('"additionalProperties": false', '"additionalProperties": true'),
    lines: [
      'apps/store/openapi.json:29:41 error C062 paths./stores/{storeId}/movements.post.requestBody.content.application/json.schema.additionalProperties: takes fields that it does not know',
    ],
  },
  {
    name: 'a body of which nobody says whether it is open',
    change: openapi('"additionalProperties": false', '"title": "Movement"'),
    lines: [
      'apps/store/openapi.json:27:15 error C062 paths./stores/{storeId}/movements.post.requestBody.content.application/json.schema: takes fields that it does not know',
    ],
  },
  {
    name: 'an OpenAPI document that says nothing of itself',
    change: (contracts) => {
      openapi('"title": "Store"', '"title": ""')(contracts);
      openapi('"description": "Records movements."', '"description": ""')(contracts);
    },
    lines: [
      'apps/store/openapi.json:4:14 error C063 info.title: has no title',
      'apps/store/openapi.json:6:20 error C063 info.description: has no description',
    ],
  },
  {
    name: 'a response that only the framework describes',
    change: openapi('"description": "Recorded."', '"description": "Default Response"'),
    lines: [
      'apps/store/openapi.json:36:28 error C064 paths./stores/{storeId}/movements.post.responses.202.description: does not say what it means',
    ],
  },
  {
    name: 'a response without a description',
    change: openapi('"description": "Refused."', '"x-description": "Refused."'),
    lines: [
      'apps/store/openapi.json:38:11 error C064 paths./stores/{storeId}/movements.post.responses.400: does not say what it means',
    ],
  },
  {
    name: 'an HTTP operation that is written otherwise',
    change: openapi('recordMovement', 'record-movement'),
    lines: [
      'apps/store/openapi.json:11:24 error C059 paths./stores/{storeId}/movements.post.operationId: is record-movement, not written like recordMovement',
    ],
  },
  {
    name: 'a version of OpenAPI that no rule is for',
    change: openapi('"openapi": "3.1.0"', '"swagger": "2.0"'),
    lines: ['apps/store/openapi.json:1:1 error C063 openapi: is null, expected 3.1.0'],
  },
  {
    name: 'an OpenAPI document that is a list',
    change: (contracts) => contracts.write(OPENAPI_FILE, '[]'),
    lines: ['apps/store/openapi.json:1:1 error C063 openapi: is null, expected 3.1.0'],
  },
  {
    name: 'a secured server without a registry',
    change: (contracts) => {
      replace(COMMON, 'protocol: kafka', 'protocol: kafka-secure')(contracts);
      replace(COMMON, '        schemaRegistryUrl', '        x-schemaRegistryUrl')(contracts);
    },
    lines: [
      'schemas/asyncapi/common.yaml:10:7 error C057 servers.local.bindings.kafka: does not say where its schemas are',
    ],
  },
  {
    name: 'entries without a value',
    change: replace(INVENTORY, 'channels:', 'channels:\n  nothing:'),
    lines: [],
  },
  {
    name: 'a document that makes a rule fail',
    change: replace(STORE, "'#/components/messages/stockMoved'", '__proto__'),
    lines: [
      'apps/store/asyncapi.yaml:1:1 error C032 cannot be held against schemas/.spectral.yaml: Node does not exist: __proto__',
    ],
  },
];
