/** The health scripts of gitops/health, as Argo CD is given them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document, Scalar } from 'yaml';

const FOLDER = 'gitops/health';

/** Which script is for which kind, `group_Kind`: scripts cannot share code, so kinds share a script. */
export const SCRIPTS: ReadonlyMap<string, string> = new Map([
  ['argoproj.io_Application', 'argoproj.io_Application.lua'],
  ['apiextensions.k8s.io_CustomResourceDefinition', 'apiextensions.k8s.io_CustomResourceDefinition.lua'],
  ['external-secrets.io_ExternalSecret', 'external-secrets.io_ExternalSecret.lua'],
  ['kafka.strimzi.io_Kafka', 'kafka.strimzi.io.lua'],
  ['kafka.strimzi.io_KafkaTopic', 'kafka.strimzi.io.lua'],
  ['kafka.strimzi.io_KafkaUser', 'kafka.strimzi.io.lua'],
  ['kafka.strimzi.io_KafkaConnect', 'kafka.strimzi.io.lua'],
  ['kafka.strimzi.io_KafkaConnector', 'kafka.strimzi.io.lua'],
  ['kafka.strimzi.io_KafkaMirrorMaker2', 'kafka.strimzi.io.lua'],
  ['kafka.strimzi.io_KafkaNodePool', 'kafka.strimzi.io_KafkaNodePool.lua'],
  ['kafka.strimzi.io_KafkaRebalance', 'kafka.strimzi.io_KafkaRebalance.lua'],
  ['access.strimzi.io_KafkaAccess', 'ready.lua'],
  ['registry.apicur.io_ApicurioRegistry3', 'ready.lua'],
  ['postgresql.cnpg.io_Cluster', 'postgresql.cnpg.io_Cluster.lua'],
  ['postgresql.cnpg.io_Database', 'postgresql.cnpg.io_Database.lua'],
  ['flink.apache.org_FlinkDeployment', 'flink.apache.org_FlinkDeployment.lua'],
]);

/** The values of Argo CD with the scripts in them. */
export const HEALTH_VALUES = 'gitops/platform/argocd/health.generated.yaml';

/** Returns the values of the chart argo-cd that give Argo CD the scripts. */
export function healthValues(workspace: string): string {
  const customizations: Record<string, Scalar> = {};
  for (const [kind, file] of SCRIPTS) {
    const text = new Scalar(readFileSync(join(workspace, FOLDER, file), 'utf8'));
    text.type = 'BLOCK_LITERAL';
    customizations[`resource.customizations.health.${kind}`] = text;
  }
  const document = new Document({ configs: { cm: customizations } });
  document.commentBefore = ' Generated from gitops/health by `npm run gitops -- generate`. Do not edit.';
  return document.toString({ lineWidth: 0 });
}
