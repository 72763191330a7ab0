import { describe, expect, it } from 'vitest';
import { noSecretData } from './no-secret-data.ts';
import { changed, DEPLOYMENT, told } from './policy.setup.ts';

const secret = (rest: string) => `apiVersion: v1\nkind: Secret\nmetadata: { name: a }\n${rest}`;
const env = (text: string) =>
  told(noSecretData, changed(DEPLOYMENT, '{ name: LOG_LEVEL, value: info }', text));

describe('A secret', () => {
  it('is not in a chart that only names one', () => {
    expect(told(noSecretData, DEPLOYMENT, secret('type: Opaque'))).toEqual([]);
  });

  it.each(['data', 'stringData'])('may not stand in %s', (field) => {
    expect(told(noSecretData, secret(`${field}: { password: eA== }`))).toEqual([
      `Secret/a ${field}["password"]: is a secret in a chart; let an operator of the cluster make it`,
    ]);
  });

  it('may not stand in a variable', () => {
    expect(env('{ name: DB_PASSWORD, value: x }')).toEqual([
      'Deployment/store spec.template.spec.containers[0].env[0].value: DB_PASSWORD stands here in plain text; use secretKeyRef',
    ]);
    expect(env('{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: a, key: b } } }')).toEqual([]);
    expect(env('{ name: TOKEN_LIFETIME, value: 5m }')).toEqual([]);
  });
});
