import { describe, expect, it } from 'vitest';
import { restrictedSecurity } from './restricted-security.ts';
import { changed, DEPLOYMENT, told } from './policy.setup.ts';

const POD = 'securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }';
const changes = (from: string, to: string) =>
  told(restrictedSecurity, changed(DEPLOYMENT, from, to)).map((line) =>
    line.replace('Deployment/store spec.template.spec.', ''),
  );

describe('The restricted profile', () => {
  it('is met', () => {
    expect(told(restrictedSecurity, DEPLOYMENT)).toEqual([]);
  });

  it.each([
    [
      POD,
      'securityContext: { seccompProfile: { type: RuntimeDefault } }',
      'containers[0].securityContext.runAsNonRoot: has to be true, here or for the pod',
    ],
    [
      POD,
      'securityContext: { runAsNonRoot: true }',
      'containers[0].securityContext.seccompProfile.type: has to be RuntimeDefault, here or for the pod',
    ],
    [POD, `hostNetwork: true\n      ${POD}`, 'hostNetwork: is true; a pod keeps to itself, remove it'],
    [POD, `hostPID: true\n      ${POD}`, 'hostPID: is true; a pod keeps to itself, remove it'],
    [POD, `hostIPC: true\n      ${POD}`, 'hostIPC: is true; a pod keeps to itself, remove it'],
    [
      'runAsNonRoot: true,',
      'runAsNonRoot: true, runAsUser: 0,',
      'securityContext.runAsUser: is root; name another user',
    ],
    [
      'runAsNonRoot: true,',
      'runAsNonRoot: true, sysctls: [{ name: kernel.msgmax }],',
      'securityContext.sysctls: kernel.msgmax is not safe; remove it',
    ],
    [
      'runAsNonRoot: true,',
      'runAsNonRoot: true, seLinuxOptions: { type: spc_t },',
      'securityContext.seLinuxOptions: may only name a type of containers; remove it',
    ],
    [
      'runAsNonRoot: true,',
      'runAsNonRoot: true, appArmorProfile: { type: Unconfined },',
      'securityContext.appArmorProfile.type: is Unconfined; use RuntimeDefault',
    ],
    [
      'runAsNonRoot: true,',
      'runAsNonRoot: true, windowsOptions: { hostProcess: true },',
      'securityContext.windowsOptions.hostProcess: is true; remove it',
    ],
    [
      'allowPrivilegeEscalation: false',
      'allowPrivilegeEscalation: true',
      'containers[0].securityContext.allowPrivilegeEscalation: has to be false',
    ],
    [
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: false',
      'containers[0].securityContext.readOnlyRootFilesystem: has to be true; mount an emptyDir where it writes',
    ],
    [
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: true\n            privileged: true',
      'containers[0].securityContext.privileged: is true; remove it',
    ],
    [
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: true\n            procMount: Unmasked',
      'containers[0].securityContext.procMount: has to be Default',
    ],
    [
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: true\n            runAsNonRoot: false',
      'containers[0].securityContext.runAsNonRoot: is false; the restricted profile wants true',
    ],
    [
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: true\n            seccompProfile: { type: Unconfined }',
      'containers[0].securityContext.seccompProfile.type: is Unconfined; use RuntimeDefault',
    ],
    ['drop: [ALL]', 'drop: [NET_RAW]', 'containers[0].securityContext.capabilities.drop: has to hold ALL'],
    [
      'drop: [ALL]',
      'drop: [ALL], add: [NET_BIND_SERVICE, SYS_ADMIN]',
      'containers[0].securityContext.capabilities.add: holds SYS_ADMIN; only NET_BIND_SERVICE may be added',
    ],
    [
      'readinessProbe: { httpGet: { ',
      'readinessProbe: { httpGet: { host: 192.0.2.1, ',
      'containers[0].readinessProbe: asks another host; remove host',
    ],
    [
      '          securityContext:\n',
      '          lifecycle: { preStop: { httpGet: { host: 192.0.2.1, port: 80 } } }\n          securityContext:\n',
      'containers[0].lifecycle.preStop: asks another host; remove host',
    ],
  ])('is broken when %s becomes %s', (from, to, line) => {
    expect(changes(from, to)).toContain(line);
  });

  it('knows which volumes it allows', () => {
    expect(changes('secret: { secretName: store-kafka }', 'nfs: { server: a, path: / }')).toEqual([
      'volumes[0].nfs: is no volume of the restricted profile; use one of configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret',
    ]);
  });

  it('holds for containers that run first', () => {
    expect(changes('      volumes:', '      initContainers: [{ name: first }]\n      volumes:')).toContain(
      'initContainers[0].securityContext.allowPrivilegeEscalation: has to be false',
    );
  });
});
