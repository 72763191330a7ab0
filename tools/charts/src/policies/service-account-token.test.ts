import { describe, expect, it } from 'vitest';
import { serviceAccountToken } from './service-account-token.ts';
import { changed, DEPLOYMENT, SERVICE_ACCOUNT, told } from './policy.setup.ts';

const BINDING = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: store }
subjects: [{ kind: ServiceAccount, name: store }]
`;
const FALSE = 'has to be false, since no Role is bound to the account; set it, or bind one';
const mounting = changed(DEPLOYMENT, '      automountServiceAccountToken: false\n', '');

describe('The token of a ServiceAccount', () => {
  it('is not mounted where nobody asks the API server', () => {
    expect(told(serviceAccountToken, DEPLOYMENT, SERVICE_ACCOUNT)).toEqual([]);
  });

  it('has to be refused by the pod and by the account', () => {
    const account = changed(SERVICE_ACCOUNT, 'automountServiceAccountToken: false', '');
    expect(told(serviceAccountToken, mounting, account)).toEqual([
      `ServiceAccount/store automountServiceAccountToken: ${FALSE}`,
      `Deployment/store spec.template.spec.automountServiceAccountToken: ${FALSE}`,
    ]);
  });

  it('may be mounted where a binding gives the account rights', () => {
    expect(told(serviceAccountToken, mounting, BINDING)).toEqual([]);
  });

  it('may not come in by a volume either', () => {
    const projected = changed(
      DEPLOYMENT,
      'secret: { secretName: store-kafka }',
      'projected: { sources: [{ serviceAccountToken: { path: token } }] }',
    );
    expect(told(serviceAccountToken, projected)).toEqual([
      'Deployment/store spec.template.spec.volumes[0]: mounts a token of an account without rights; remove it, or bind a Role to the account',
    ]);
    expect(told(serviceAccountToken, projected, BINDING)).toEqual([]);
  });

  it.each(['      serviceAccountName: default\n', ''])('is not the one that all pods share', (name) => {
    const shared = changed(DEPLOYMENT, '      serviceAccountName: store\n', name);
    expect(told(serviceAccountToken, shared)).toEqual([
      'Deployment/store spec.template.spec.serviceAccountName: is the account that all pods of the namespace share; name one of its own',
    ]);
  });
});
