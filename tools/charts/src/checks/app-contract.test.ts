import { expect, test } from 'vitest';
import type { KubeObject } from '../render/kube-object.ts';
import { problemsOf } from './app-contract.ts';

const CONFIG = {
  required: ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'STORE_URL'],
  properties: {
    PORT: { type: 'integer', default: 3000, minimum: 0, maximum: 65_535 },
    LOG_LEVEL: { enum: ['info', 'debug'], default: 'info' },
    DATABASE_URL: { type: 'string', secret: true },
    STORE_URL: { type: 'string', default: 'http://127.0.0.1:3001' },
  },
};

const RIGHT = [
  { name: 'PORT', value: '8080' },
  { name: 'DATABASE_URL', valueFrom: {} },
  { name: 'STORE_URL', value: 'http://store' },
];

function problems(env: readonly object[], containerPort = 8080) {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app' },
    spec: { template: { spec: { containers: [{ env, ports: [{ name: 'http', containerPort }] }] } } },
  } as unknown as KubeObject;
  return problemsOf(deployment, CONFIG).map(({ path, reason }) => `${path ?? ''}: ${reason}`);
}

test('variables that the app knows, with values that it takes, are right', () => {
  expect(problems(RIGHT)).toEqual([]);
});

test.each([
  [
    'a variable that the app has not',
    [...RIGHT, { name: 'LOGLEVEL', value: 'info' }],
    /LOGLEVEL: is no variable/,
  ],
  [
    'a value that the app refuses',
    [...RIGHT, { name: 'LOG_LEVEL', value: 'loud' }],
    /refuse to start: LOG_LEVEL is "loud"/,
  ],
  [
    'a required one that is missing',
    RIGHT.filter(({ name }) => name !== 'DATABASE_URL'),
    /refuse to start: DATABASE_URL is missing/,
  ],
  [
    'a default that only holds on one machine',
    RIGHT.slice(0, 2),
    /STORE_URL: is not set, and its default http:\/\/127/,
  ],
])('%s is found', (_, env, message) => {
  expect(problems(env).join('\n')).toMatch(message);
});

test('a port that the process does not listen on is found', () => {
  expect(problems(RIGHT, 9090)).toEqual(["PORT: is 8080, the container's port http is 9090"]);
});
