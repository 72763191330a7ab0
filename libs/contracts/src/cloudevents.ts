/**
 * CloudEvents 1.0 in Kafka record headers, binary content mode. W3C Trace Context (`traceparent`, `tracestate`) travels
 * in headers of its own, where tracing tools look for it.
 */
import { DeserializationError, SerializationError } from './errors.ts';

/** Header values as they are on the wire; a key that stands more than once has a list. */
export type HeaderValues = Readonly<
  Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>
>;

/** The context attributes of an event. */
export interface CloudEventAttributes {
  readonly id: string;
  /** A URI reference, for example `/eda/store`. */
  readonly source: string;
  readonly type: string;
  /** Optional in the specification. */
  readonly time?: Date;
  readonly subject?: string;
  /** Media type of the value. */
  readonly contentType?: string;
  /** Extension attributes by name, and `traceparent` and `tracestate`. */
  readonly extensions: Readonly<Record<string, string>>;
}

const PREFIX = 'ce_';
const SPEC_VERSION = '1.0';
const TRACE_CONTEXT = ['traceparent', 'tracestate'];
const CORE = ['specversion', 'id', 'source', 'type', 'time', 'subject', 'datacontenttype', 'data'];
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Returns the headers of an event. Throws `SerializationError` for an attribute that CloudEvents does not allow. */
export function toKafkaHeaders(attributes: CloudEventAttributes): Record<string, string> {
  const { id, source, type, time, subject, contentType, extensions } = attributes;
  for (const [name, value] of Object.entries({ id, source, type })) {
    if (value === '') throw new SerializationError(`CloudEvents attribute ${name} is empty`);
  }
  const headers: Record<string, string> = {
    ce_specversion: SPEC_VERSION,
    ce_id: id,
    ce_source: source,
    ce_type: type,
  };
  if (time) headers['ce_time'] = toRfc3339(time);
  if (subject !== undefined) headers['ce_subject'] = subject;
  if (contentType !== undefined) headers['content-type'] = contentType;
  for (const [name, value] of Object.entries(extensions)) {
    if (CORE.includes(name) || !/^[a-z\d]+$/.test(name)) {
      throw new SerializationError(
        `"${name}" is not a name for a CloudEvents extension: small letters and digits only`,
      );
    }
    headers[TRACE_CONTEXT.includes(name) ? name : PREFIX + name] = value;
  }
  return headers;
}

/** Returns the attributes in the headers. Throws `DeserializationError` when they are not those of a CloudEvent. */
export function fromKafkaHeaders(headers: HeaderValues): CloudEventAttributes {
  const contentType = headerText(headers, 'content-type');
  if (contentType?.startsWith('application/cloudevents')) {
    throw new DeserializationError(
      'HEADER_INVALID',
      `content-type is ${contentType}: structured mode, expected binary mode`,
    );
  }
  const version = required(headers, 'ce_specversion');
  if (version !== SPEC_VERSION) throw invalid('ce_specversion', version, SPEC_VERSION);
  const time = headerText(headers, 'ce_time');
  if (time !== undefined && (!RFC3339.test(time) || Number.isNaN(Date.parse(time)))) {
    throw invalid('ce_time', time, 'an RFC 3339 timestamp');
  }
  const subject = headerText(headers, 'ce_subject');
  return {
    id: required(headers, 'ce_id'),
    source: required(headers, 'ce_source'),
    type: required(headers, 'ce_type'),
    ...(time !== undefined && { time: new Date(time) }),
    ...(subject !== undefined && { subject }),
    ...(contentType !== undefined && { contentType }),
    extensions: readExtensions(headers),
  };
}

function readExtensions(headers: HeaderValues): Record<string, string> {
  const extensions: Record<string, string> = {};
  for (const key of Object.keys(headers)) {
    const name = TRACE_CONTEXT.includes(key)
      ? key
      : key.startsWith(PREFIX)
        ? key.slice(PREFIX.length)
        : undefined;
    if (name === undefined || CORE.includes(name)) continue;
    const text = headerText(headers, key);
    if (text !== undefined) extensions[name] = text;
  }
  return extensions;
}

function required(headers: HeaderValues, key: string): string {
  const text = headerText(headers, key);
  if (text === undefined) throw new DeserializationError('HEADER_MISSING', `header ${key} is missing`);
  if (text === '') throw invalid(key, text, 'a text');
  return text;
}

/** Returns the header as text; a header that stands more than once has no one meaning. */
function headerText(headers: HeaderValues, key: string): string | undefined {
  const value = headers[key];
  if (!Array.isArray(value)) return (value as Buffer | string | undefined)?.toString();
  if (value.length > 1)
    throw new DeserializationError('HEADER_INVALID', `header ${key} stands ${value.length} times`);
  return (value as readonly (Buffer | string)[])[0]?.toString();
}

function toRfc3339(time: Date): string {
  if (Number.isNaN(time.getTime()))
    throw new SerializationError('CloudEvents attribute time is not a point in time');
  return time.toISOString();
}

function invalid(key: string, found: string, expected: string): DeserializationError {
  return new DeserializationError(
    'HEADER_INVALID',
    `header ${key} is "${found.slice(0, 100)}", expected ${expected}`,
  );
}
