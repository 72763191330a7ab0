/** Configuration: environment variables read once, against one schema, every bad one named. */
import { Type, type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** Thrown by `loadConfig`; its message lists every bad variable on its own line, `problems` has them one by one. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const variables = problems.length === 1 ? 'variable is' : 'variables are';
    super(`${problems.length} environment ${variables} wrong:\n${problems.map((p) => `  ${p}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** What a variable's schema may say besides JSON Schema. */
interface VariableSchema {
  type?: string;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  secret?: boolean;
  items?: TSchema;
}

const SECRET_NAME = /SECRET|PASSWORD|TOKEN|CREDENTIAL|PRIVATE|(^|_)KEY$/;
const BOOLEANS: Record<string, boolean> = { true: true, '1': true, false: false, '0': false };
const SHOWN_CHARACTERS = 80;

const described = (schema: TSchema): VariableSchema => schema;

/** The variables of tracing, as OpenTelemetry names them; `OTEL_EXPORTER_OTLP_HEADERS` and its like are read by the exporter. */
export const tracingConfig = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s]+$',
      description:
        'the http(s) URL of an OTLP receiver, without /v1/traces; no spans are made when it is absent',
    }),
  ),
  OTEL_TRACES_SAMPLER: Type.Enum(
    ['parentbased_always_on', 'parentbased_traceidratio', 'always_on', 'always_off', 'traceidratio'],
    {
      default: 'parentbased_always_on',
      description:
        'which traces are recorded; parentbased: as the caller decided, else as its second half says',
    },
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    description: 'the share of traces that traceidratio records',
  }),
};

/** The variables every HTTP process has. Spread it and override `PORT` with `port(3001)`. */
export const commonConfig = {
  PORT: port(3000),
  HOST: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'the address the HTTP server listens on',
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'one of fatal, error, warn, info, debug, trace, silent',
  }),
  SHUTDOWN_DRAIN_MS: Type.Integer({
    default: 200,
    minimum: 0,
    maximum: 600_000,
    description:
      'milliseconds between "not ready" and closing the HTTP server; on a cluster longer than the readiness period',
  }),
  SHUTDOWN_DEADLINE_MS: Type.Integer({
    default: 20_000,
    minimum: 100,
    maximum: 600_000,
    description: 'milliseconds until a shutdown that hangs is cut off',
  }),
  ...tracingConfig,
};

/** The variables of a process that speaks to Kafka and to the schema registry. */
export const kafkaConfig = {
  KAFKA_BROKERS: Type.Array(Type.String({ pattern: '^(\\[[0-9a-fA-F:]+\\]|[^\\s:/,]+):[0-9]{1,5}$' }), {
    default: [],
    minItems: 1,
    description:
      'broker addresses host:port, separated by commas; without them those of KAFKA_CREDENTIALS_DIR, or 127.0.0.1:9092',
  }),
  KAFKA_CREDENTIALS_DIR: Type.String({
    default: '',
    description:
      'the folder in which the Secret with the Kafka credentials is mounted; empty: no TLS, no login',
  }),
  KAFKA_TOPIC_PREFIX: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9._-]{0,100}$',
    description: 'what stands before every topic and group name: letters, digits, dots, underscores, hyphens',
  }),
  KAFKA_COMPRESSION: Type.Enum(['none', 'gzip', 'zstd'], {
    default: 'zstd',
    description: 'one of none, gzip, zstd; what is sent only, everything is read',
  }),
  KAFKA_CLIENT: Type.Enum(['kafkajs', 'platformatic'], {
    default: 'kafkajs',
    description: 'one of kafkajs, platformatic; what differs: docs/clients.md',
  }),
  SCHEMA_REGISTRY_URL: Type.String({
    default: 'http://127.0.0.1:8081/apis/ccompat/v7',
    pattern: '^https?://[^\\s]+$',
    description: 'the http(s) URL of the Confluent-compatible API of the schema registry',
  }),
};

/** The variables of a process that consumes with an inbox. */
export const consumerConfig = {
  CONSUMER_SESSION_TIMEOUT_MS: Type.Integer({
    default: 30_000,
    minimum: 6_000,
    maximum: 300_000,
    description: 'milliseconds after which the group gives the work of a silent replica to others',
  }),
  INBOX_RETENTION_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 3650,
    description: 'days for which handled events are remembered; longer than any record can come again',
  }),
};

/** The variable of a process that keeps data in PostgreSQL. */
export const databaseConfig = {
  DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://[^\\s/]+/[^\\s/]+$',
    secret: true,
    description: 'a PostgreSQL URL, postgres://user:password@host:port/database',
  }),
};

/** Returns the schema of `PORT` with this default; 0 takes any free port. */
export function port(byDefault: number) {
  return Type.Integer({
    default: byDefault,
    minimum: 0,
    maximum: 65_535,
    description: 'the port the HTTP server listens on',
  });
}

/**
 * Returns the environment as the schema describes it: coerced, with defaults, frozen; unknown variables are ignored
 * and empty ones count as absent. Lists are separated by commas.
 * Throws `ConfigError` with every bad variable; values of secrets (`secret: true`, or named like one) are not shown.
 */
export function loadConfig<Properties extends TProperties>(
  schema: TObject<Properties>,
  env: NodeJS.ProcessEnv = process.env,
): Readonly<Static<TObject<Properties>>> {
  const config: Record<string, unknown> = {};
  const problems: string[] = [];
  const required = new Set<string>(schema.required as readonly string[] | undefined);

  for (const [name, variable] of Object.entries<TSchema>(schema.properties)) {
    const { default: fallback } = described(variable);
    const text = env[name]?.trim();
    if (text === undefined || text === '') {
      if (fallback !== undefined) config[name] = structuredClone(fallback);
      else if (required.has(name)) problems.push(`${name} is missing: expected ${expectation(variable)}`);
      continue;
    }
    const value = coerce(variable, text);
    if (Value.Check(variable, value)) config[name] = value;
    else problems.push(`${name} is ${shown(name, variable, text)}: expected ${expectation(variable)}`);
  }

  if (problems.length > 0) throw new ConfigError(problems);
  for (const value of Object.values(config)) Object.freeze(value);
  return Object.freeze(config) as Readonly<Static<TObject<Properties>>>;
}

function coerce(schema: TSchema, text: string): unknown {
  const { type, items } = described(schema);
  switch (type) {
    case 'integer':
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
    case 'boolean':
      return BOOLEANS[text.toLowerCase()] ?? text;
    case 'array':
      return text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => (items === undefined ? part : coerce(items, part)));
    default:
      return text;
  }
}

function expectation(schema: TSchema): string {
  const { type, enum: values, default: fallback, description } = described(schema);
  const kind = values === undefined ? range(schema, type) : `one of ${values.map(String).join(', ')}`;
  const sentence = [kind, description].filter((part) => part !== undefined && part !== '');
  const texts = sentence[0]?.startsWith('one of') ? sentence.slice(0, 1) : sentence;
  const byDefault =
    fallback === undefined ? '' : ` (default: ${[fallback].flat().map(String).join(',') || 'empty'})`;
  return `${texts.join(', ') || 'another value'}${byDefault}`;
}

function range(schema: TSchema, type: string | undefined): string | undefined {
  if (type === 'boolean') return 'true or false';
  if (type !== 'integer' && type !== 'number') return undefined;
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  const article = type === 'integer' ? 'an integer' : 'a number';
  if (minimum !== undefined && maximum !== undefined) return `${article} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${article} of ${minimum} or more`;
  if (maximum !== undefined) return `${article} of ${maximum} or less`;
  return article;
}

function shown(name: string, schema: TSchema, text: string): string {
  if (described(schema).secret === true || SECRET_NAME.test(name)) return 'not valid (its value is a secret)';
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}
