/** Where the schemas come from: every API that charts use, pinned, from package registries only. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ChartError } from '../errors.ts';
import { type CustomResourceDefinition, customSchemas } from './crd-to-json-schema.ts';
import { downloadGoModule, type GoModule, readGoModules } from './go-module.ts';
import type { JsonSchema } from './json-schema.ts';
import { KAFKA_ACCESS } from './kafka-access.ts';
import { kubernetesSchemas, type OpenApi } from './openapi-to-json-schema.ts';
import { generateStrimziDefinitions, strimziVersion } from './strimzi.ts';

export interface SchemaSource {
  readonly name: string;
  readonly version: string;
  /** Whether it is one of the releases of Kubernetes; all other sources hold for each of these. */
  readonly kubernetes: boolean;
  /** Returns the schemas by their files; `folder` is empty and is removed afterwards. */
  load(folder: string, signal: AbortSignal): Promise<ReadonlyMap<string, JsonSchema>>;
}

/** The folder with the pins. */
export const SCHEMA_SOURCES = resolve(import.meta.dirname, '../../schema-sources');

const KUBERNETES = 'k8s.io/kubernetes';
const OPENAPI = 'api/openapi-spec/swagger.json';

/** Where the CustomResourceDefinitions stand in a module. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  'github.com/prometheus-operator/prometheus-operator': 'example/prometheus-operator-crd',
  'github.com/cloudnative-pg/cloudnative-pg': 'config/crd/bases',
  'github.com/cloudnative-pg/plugin-barman-cloud': 'config/crd/bases',
  'sigs.k8s.io/gateway-api': 'config/crd/standard',
  'github.com/kedacore/keda/v2': 'config/crd/bases',
  'github.com/cert-manager/cert-manager': 'deploy/crds',
  'github.com/external-secrets/external-secrets': 'config/crds/bases',
  'github.com/bitnami-labs/sealed-secrets': 'helm/sealed-secrets/crds',
};

/** Returns all sources that `pins` names. Throws a `ChartError` when a pin is not understood. */
export function schemaSources(pins = SCHEMA_SOURCES): SchemaSource[] {
  const pom = join(pins, 'strimzi/pom.xml');
  return [
    ...readGoModules(join(pins, 'go-modules.txt')).map(fromGoModule),
    {
      name: 'strimzi',
      version: strimziVersion(pom),
      kubernetes: false,
      load: async (folder, signal) => fromDefinitions(await generateStrimziDefinitions(pom, folder, signal)),
    },
    {
      name: 'strimzi-access-operator',
      version: '0.3.0',
      kubernetes: false,
      load: () => Promise.resolve(customSchemas(KAFKA_ACCESS)),
    },
  ];
}

function fromGoModule(module: GoModule): SchemaSource {
  const { name, path } = module;
  const version = module.version.replace(/^v/, '');
  const download = async (folder: string, signal: AbortSignal) => {
    const cache = join(folder, 'modules');
    mkdirSync(cache);
    return downloadGoModule(module, { cache, signal });
  };
  if (path === KUBERNETES) {
    return {
      name,
      version,
      kubernetes: true,
      load: async (folder, signal) => {
        const file = join(await download(folder, signal), OPENAPI);
        return kubernetesSchemas(JSON.parse(readFileSync(file, 'utf8')) as OpenApi);
      },
    };
  }
  const where = DEFINITIONS[path];
  if (where === undefined)
    throw new ChartError(`go-modules.txt: it is not known where ${path} has definitions.`);
  return {
    name,
    version,
    kubernetes: false,
    load: async (folder, signal) => {
      const definitions = join(await download(folder, signal), where);
      const files = readdirSync(definitions).filter((file) => file.endsWith('.yaml'));
      return fromDefinitions(files.map((file) => join(definitions, file)));
    },
  };
}

function fromDefinitions(files: readonly string[]): Map<string, JsonSchema> {
  const schemas = new Map<string, JsonSchema>();
  for (const file of files) {
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
      const content = document.toJS() as { readonly kind?: string } | null;
      if (content?.kind !== 'CustomResourceDefinition') continue;
      for (const [name, schema] of customSchemas(content as CustomResourceDefinition))
        schemas.set(name, schema);
    }
  }
  return schemas;
}
