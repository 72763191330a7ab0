import type { Container, PodSpec, SecurityContext } from './pod-types.ts';
import type { Policy } from './policy.ts';
import { containersOf, workloadsOf } from './workloads.ts';

export const restrictedSecurity: Policy = {
  name: 'restricted-security',
  why: 'A namespace that enforces the restricted profile refuses the pod, and elsewhere a hole in the program is a hole in the node.',
  check: ({ objects }) =>
    workloadsOf(objects).flatMap((workload) => {
      const { object, path, pod } = workload;
      return [
        ...podProblems(pod).map(([key, reason]) => ({ object, path: `${path}.${key}`, reason })),
        ...containersOf(workload).flatMap(({ container, path: place }) =>
          containerProblems(container, pod.securityContext).map(([key, reason]) => ({
            object,
            path: `${place}.${key}`,
            reason,
          })),
        ),
      ];
    }),
};

type Problem = readonly [key: string, reason: string];

/** The kinds of volumes that the restricted profile knows. */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const SECCOMP = ['RuntimeDefault', 'Localhost'];
const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
];

function podProblems(pod: PodSpec): Problem[] {
  const { securityContext: context = {} } = pod;
  return [
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const)
      .filter((key) => pod[key] === true)
      .map((key): Problem => [key, 'is true; a pod keeps to itself, remove it']),
    ...(pod.volumes ?? []).flatMap((volume, index): Problem[] => {
      const kinds = Object.keys(volume).filter((key) => key !== 'name');
      return kinds
        .filter((kind) => !VOLUMES.includes(kind))
        .map((kind) => [
          `volumes[${index}].${kind}`,
          `is no volume of the restricted profile; use one of ${VOLUMES.join(', ')}`,
        ]);
    }),
    ...(context.sysctls ?? [])
      .filter(({ name }) => !SYSCTLS.includes(name))
      .map(({ name }): Problem => ['securityContext.sysctls', `${name} is not safe; remove it`]),
    ...commonProblems(context, 'securityContext'),
  ];
}

function containerProblems(container: Container, pod: SecurityContext = {}): Problem[] {
  const { securityContext: own = {} } = container;
  const at = (key: string) => `securityContext.${key}`;
  const problems: Problem[] = commonProblems(own, 'securityContext');
  const wrong = (when: boolean, key: string, reason: string) => {
    if (when) problems.push([key, reason]);
  };
  wrong(own.privileged === true, at('privileged'), 'is true; remove it');
  wrong(own.allowPrivilegeEscalation !== false, at('allowPrivilegeEscalation'), 'has to be false');
  wrong(
    own.readOnlyRootFilesystem !== true,
    at('readOnlyRootFilesystem'),
    'has to be true; mount an emptyDir where it writes',
  );
  wrong(
    (own.runAsNonRoot ?? pod.runAsNonRoot) !== true,
    at('runAsNonRoot'),
    'has to be true, here or for the pod',
  );
  wrong(
    !SECCOMP.includes((own.seccompProfile ?? pod.seccompProfile)?.type ?? ''),
    at('seccompProfile.type'),
    'has to be RuntimeDefault, here or for the pod',
  );
  const { drop = [], add = [] } = own.capabilities ?? {};
  wrong(!drop.includes('ALL'), at('capabilities.drop'), 'has to hold ALL');
  const added = add.filter((name) => name !== 'NET_BIND_SERVICE');
  wrong(
    added.length > 0,
    at('capabilities.add'),
    `holds ${added.join(', ')}; only NET_BIND_SERVICE may be added`,
  );
  wrong(!['', 'Default'].includes(own.procMount ?? ''), at('procMount'), 'has to be Default');
  for (const key of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
    const { httpGet, tcpSocket } = container[key] ?? {};
    wrong(Boolean(httpGet?.host ?? tcpSocket?.host), key, 'asks another host; remove host');
  }
  for (const key of ['preStop', 'postStart'] as const) {
    const { httpGet, tcpSocket } = container.lifecycle?.[key] ?? {};
    wrong(Boolean(httpGet?.host ?? tcpSocket?.host), `lifecycle.${key}`, 'asks another host; remove host');
  }
  return problems;
}

/** What pods and containers may both say. */
function commonProblems(context: SecurityContext, path: string): Problem[] {
  const problems: Problem[] = [];
  const { seccompProfile, appArmorProfile, seLinuxOptions, windowsOptions } = context;
  if (context.runAsNonRoot === false)
    problems.push([`${path}.runAsNonRoot`, 'is false; the restricted profile wants true']);
  if (context.runAsUser === 0) problems.push([`${path}.runAsUser`, 'is root; name another user']);
  if (seccompProfile?.type === 'Unconfined')
    problems.push([`${path}.seccompProfile.type`, 'is Unconfined; use RuntimeDefault']);
  if (appArmorProfile?.type === 'Unconfined')
    problems.push([`${path}.appArmorProfile.type`, 'is Unconfined; use RuntimeDefault']);
  if (!SELINUX_TYPES.includes(seLinuxOptions?.type ?? '') || seLinuxOptions?.user || seLinuxOptions?.role)
    problems.push([`${path}.seLinuxOptions`, 'may only name a type of containers; remove it']);
  if (windowsOptions?.hostProcess === true)
    problems.push([`${path}.windowsOptions.hostProcess`, 'is true; remove it']);
  return problems;
}
