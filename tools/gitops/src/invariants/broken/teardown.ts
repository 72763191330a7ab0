import { type Broken, set } from '../broken.setup.ts';

const WAVE = ['metadata', 'annotations', 'argocd.argoproj.io/sync-wave'];

export const BROKEN: readonly Broken[] = [
  [
    'an operator that goes before its objects',
    set('dev/strimzi', WAVE, '15'),
    'dev: kafka-cluster: Kafka/eda: is deleted in wave 0, when strimzi, which has to let go of it, is deleted in wave 15; give strimzi an earlier wave',
    'dev: kafka-topics: KafkaTopic/retail.item-stock.v1: is deleted in wave 10, when strimzi, which has to let go of it, is deleted in wave 15; give strimzi an earlier wave',
  ],
  [
    'an operator that goes with its objects',
    set('dev/cloudnative-pg', WAVE, '0'),
    'dev: postgres: Cluster/postgres: is deleted in wave 0, when cloudnative-pg, which has to let go of it, is deleted in wave 0; give cloudnative-pg an earlier wave',
  ],
  [
    'a namespace that goes before what is in it',
    set('dev/root/Namespace/apps', WAVE, '90'),
    'dev: Namespace/apps: metadata.annotations["argocd.argoproj.io/sync-wave"]: is 90, so that it is deleted no later than Application/cert-manager of wave -40, which needs it; make it earlier',
  ],
  [
    'a project that goes before its applications',
    set('dev/root/AppProject/apps', WAVE, '-40'),
    'dev: AppProject/apps: metadata.annotations["argocd.argoproj.io/sync-wave"]: is -40, so that it is deleted no later than Namespace/apps of wave -100, which needs it; make it earlier',
  ],
];
