/** Traces: spans go by OTLP over HTTP to where `OTEL_EXPORTER_OTLP_ENDPOINT` says; nothing is made when it says nothing. */
import { context, diag, trace, type ContextManager } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type IdGenerator,
  type Sampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { Static, TObject } from 'typebox';
import type { tracingConfig } from './config.ts';
import type { Logger } from './logger.ts';
import { SpanIds, unsampledFirst } from './unsampled-first.ts';

/** One link for each record of a batch. */
const MAX_LINKS = 2_000;

export type TracingConfig = Readonly<Static<TObject<typeof tracingConfig>>>;

export interface TracingOptions {
  readonly service: string;
  readonly version?: string;
  readonly config: TracingConfig;
  readonly logger: Logger;
}

export interface Tracing {
  readonly on: boolean;
  /** Sends what is left, and ends. */
  close(): Promise<void>;
}

let contextManager: ContextManager | undefined;

/** Lets the context of a request or a record follow its promises; once per process, and cheap while no context is set. */
export function keepAsyncContext(): void {
  if (contextManager !== undefined) return;
  contextManager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contextManager);
}

/** Makes the process's tracer provider; call it before anything that is to be traced is made. One service per process. */
export async function createTracing({ service, version, config, logger }: TracingOptions): Promise<Tracing> {
  keepAsyncContext();
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  if (endpoint === undefined) return { on: false, close: () => Promise.resolve() };
  // Loaded only when it is used: it is larger than all the rest.
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  diag.setLogger({
    error: (message) => logger.warn({ reason: message }, 'spans could not be sent'),
    warn: (message) => logger.debug({ reason: message }, 'tracing'),
    info: () => undefined,
    debug: () => undefined,
    verbose: () => undefined,
  });
  const sampler = samplerOf(config);
  const ids = new SpanIds();
  const provider = createTracerProvider({
    service,
    ...(version === undefined ? {} : { version }),
    sampler,
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(unsampledFirst({ provider, sampler, ids, ratio: rootRatioOf(config) }));
  return { on: true, close: () => provider.shutdown() };
}

/** A tracer provider whose spans name the service; `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` have the last word. */
export function createTracerProvider(options: {
  readonly service: string;
  readonly version?: string;
  readonly sampler?: Sampler;
  readonly idGenerator?: IdGenerator;
  readonly spanProcessors: SpanProcessor[];
}): TracerProvider {
  const { service, version, sampler, idGenerator, spanProcessors } = options;
  return new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      ...(version === undefined ? {} : { 'service.version': version }),
    }).merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    ...(sampler === undefined ? {} : { sampler }),
    ...(idGenerator === undefined ? {} : { idGenerator }),
    spanProcessors,
    spanLimits: { linkCountLimit: MAX_LINKS },
  });
}

/** The share of all traces that `samplerOf` takes where they begin here, if it goes by a share. */
function rootRatioOf({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: TracingConfig): number | undefined {
  return OTEL_TRACES_SAMPLER.endsWith('traceidratio') ? OTEL_TRACES_SAMPLER_ARG : undefined;
}

/** The sampler that the variables name. */
export function samplerOf(config: TracingConfig): Sampler {
  const ratio = new TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG);
  switch (config.OTEL_TRACES_SAMPLER) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return ratio;
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: ratio });
    default:
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  }
}
