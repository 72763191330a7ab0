import { describe, expect, it } from 'vitest';
import { ports } from './ports.ts';
import { changed, DEPLOYMENT, SERVICE, SERVICE_MONITOR, told } from './policy.setup.ts';

describe('Ports', () => {
  it('that lead from monitor to Service to container are right', () => {
    expect(told(ports, DEPLOYMENT, SERVICE, SERVICE_MONITOR)).toEqual([]);
  });

  it('may be numbers', () => {
    expect(told(ports, DEPLOYMENT, changed(SERVICE, 'targetPort: http', 'targetPort: 8080'))).toEqual([]);
  });

  it('of a Service have to be ports of the pods', () => {
    expect(told(ports, DEPLOYMENT, changed(SERVICE, 'targetPort: http', 'targetPort: web'))).toEqual([
      'Service/store spec.ports[0].targetPort: web is no port of the pods behind it; name one of theirs',
    ]);
    expect(told(ports, DEPLOYMENT, changed(SERVICE, ', targetPort: http', ''))).toEqual([
      'Service/store spec.ports[0].targetPort: 80 is no port of the pods behind it; name one of theirs',
    ]);
  });

  it('of a Service for pods that are not of this chart are not known', () => {
    expect(told(ports, changed(SERVICE, 'targetPort: http', 'targetPort: web'))).toEqual([]);
    expect(
      told(ports, DEPLOYMENT, changed(SERVICE, 'instance: one }\n  ports', 'instance: two }\n  ports')),
    ).toEqual([]);
  });

  it('of a Service without pods are not known', () => {
    expect(
      told(
        ports,
        DEPLOYMENT,
        'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 1 }] }',
      ),
    ).toEqual([]);
  });

  it('of a ServiceMonitor have to be ports of the Service', () => {
    expect(told(ports, DEPLOYMENT, SERVICE, changed(SERVICE_MONITOR, 'port: http', 'port: metrics'))).toEqual(
      [
        'ServiceMonitor/store spec.endpoints[0].port: metrics is no port of the Service; name one of its ports',
      ],
    );
  });

  it('of a probe have to be ports of its container', () => {
    expect(
      told(ports, changed(DEPLOYMENT, 'path: /readyz, port: http', 'path: /readyz, port: 9090')),
    ).toEqual([
      'Deployment/store spec.template.spec.containers[0].readinessProbe: asks port 9090, which the container does not have; name one of its ports',
    ]);
  });
});
