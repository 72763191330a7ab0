import { describe, expect, it } from 'vitest';
import { containerEngineProblem, containerSpecs, IMAGES } from './container.ts';

const ports = { kafka: 19_092, registry: 18_081, database: 15_433 };

describe('The containers', () => {
  it('have pinned images', () => {
    for (const image of Object.values(IMAGES)) expect(image).toMatch(/:\d+(\.\d+)*$/);
  });

  it('let clients on the host and the registry beside it reach the same broker', () => {
    const { Kafka, registry } = containerSpecs({ instance: 'dev', ports, ephemeral: false });
    expect(Kafka).toMatchObject({ containerPort: 9092, hostPort: 19_092, alias: 'kafka' });
    expect(Kafka.env).toMatchObject({
      KAFKA_ADVERTISED_LISTENERS: 'HOST://127.0.0.1:19092,NETWORK://kafka:19092',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    });
    expect(registry.env).toMatchObject({ APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: 'kafka:19092' });
  });

  it('keep their data in volumes of the instance, unless it is ephemeral', () => {
    const kept = containerSpecs({ instance: 'dev', ports, ephemeral: false });
    expect(kept.Kafka.volume?.name).toBe('eda-blueprint-dev-kafka');
    expect(kept.PostgreSQL.volume?.name).toBe('eda-blueprint-dev-postgres');
    for (const spec of Object.values(containerSpecs({ instance: 'test', ports, ephemeral: true }))) {
      expect(spec.volume).toBeUndefined();
    }
  });

  it('are not tried where an engine is named that does not answer', async () => {
    expect(await containerEngineProblem({ DOCKER_HOST: 'tcp://127.0.0.1:1' })).toMatch(/^none answers/);
  });
});
