import { all, type Broken, set } from '../broken.setup.ts';

const KAFKA = 'kafka-cluster/Kafka/eda';

/** Whatever is deployed. */
const strimzi = (environment: string, version: string) =>
  set(`${environment}/strimzi`, 'spec.sources.0.targetRevision', version);

export const BROKEN: readonly Broken[] = [
  [
    'a Kafka that Strimzi has no more',
    all(strimzi('dev', '1.2.0'), set(`dev/${KAFKA}`, 'spec.kafka.version', '4.1.1')),
    'dev: kafka-cluster: Kafka/eda: spec.kafka.version: Strimzi 1.2.0 has no Kafka 4.1.1; take 4.2.0, 4.2.1, 4.3.0, 4.3.1',
  ],
  [
    'a Kafka that is newer than Strimzi',
    all(strimzi('prod', '1.2.0'), set(`prod/${KAFKA}`, 'spec.kafka.version', '4.4.0')),
    'prod: kafka-cluster: Kafka/eda: spec.kafka.version: Strimzi 1.2.0 has no Kafka 4.4.0; take 4.2.0, 4.2.1, 4.3.0, 4.3.1',
  ],
  [
    'a Strimzi of which nobody has looked it up',
    strimzi('staging', '99.0.0'),
    'staging: strimzi: chart.version: nobody has written down which versions of Kafka Strimzi 99.0.0 has; add them to tools/gitops/src/invariants/kafka-versions.ts, from https://github.com/strimzi/strimzi-kafka-operator/blob/99.0.0/kafka-versions.yaml',
  ],
  [
    'metadata that was never released, and no metadata that is older',
    all(
      set(`dev/${KAFKA}`, 'spec.kafka.metadataVersion', '4.3-IV1'),
      set(`prod/${KAFKA}`, 'spec.kafka.metadataVersion', '4.0-IV3'),
      set(`staging/${KAFKA}`, 'spec.kafka.metadataVersion', '4.2-IV1'),
    ),
    'dev: kafka-cluster: Kafka/eda: spec.kafka.metadataVersion: 4.3-IV1 was never released; the newest of 4.3 is 4.3-IV0',
  ],
];
