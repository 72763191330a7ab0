import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request itself, or returns false to leave it to the registry. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface FakeRegistry extends AsyncDisposable {
  readonly url: string;
  /** `METHOD url` of each request, in order. */
  readonly requests: readonly string[];
  /** Subject -> schemas. */
  readonly subjects: Map<string, string[]>;
  readonly levels: Map<string, string>;
}

interface Content {
  readonly schema: string;
}

const CCOMPAT = '/apis/ccompat/v7';
const NATIVE = '/apis/registry/v3';
/** Where Apicurio ends a page, whatever it is asked for. */
const LONGEST_PAGE = 500;

/** Starts as much of an Apicurio Registry 3.3 as the commands use, with its errors, and with `fault` in front of it. */
export async function startFakeRegistry(fault: Fault = () => false): Promise<FakeRegistry> {
  const subjects = new Map<string, string[]>();
  const levels = new Map<string, string>();
  const requests: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const text = await textOf(request);
    if (fault(request, response)) return;
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    if (pathname === `${NATIVE}/search/versions`) {
      send(response, 200, list(subjects, searchParams));
      return;
    }
    if (pathname.startsWith(NATIVE)) {
      send(response, 400, {
        name: 'RuleViolationException',
        title: 'Incompatible artifact',
        causes: [{ description: 'amount', context: '/fields/1' }],
      });
      return;
    }
    const parts = pathname
      .slice(CCOMPAT.length + 1)
      .split('/')
      .map(decodeURIComponent);
    const [status, result] = compatible(subjects, levels, request.method ?? '', parts, body);
    send(response, status, result);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${CCOMPAT}`,
    requests,
    subjects,
    levels,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function compatible(
  subjects: Map<string, string[]>,
  levels: Map<string, string>,
  method: string,
  [area = '', name = '', ...rest]: readonly string[],
  body: Record<string, unknown>,
): [number, unknown] {
  const noSubject: [number, unknown] = [404, { error_code: 40401, message: `Subject '${name}' not found.` }];
  if (area === 'config') {
    if (name === '') return [200, { compatibilityLevel: 'NONE' }];
    if (method === 'PUT') {
      levels.set(name, String(body['compatibility']));
      return [200, body];
    }
    const compatibilityLevel = levels.get(name);
    return compatibilityLevel === undefined ? noSubject : [200, { compatibilityLevel }];
  }
  const { schema } = body as unknown as Content;
  // A schema that says so is what this registry does not take.
  if (area === 'compatibility') return [200, { is_compatible: !schema.includes('incompatible') }];
  const schemas = subjects.get(name);
  const place = (index: number) => ({
    subject: name,
    version: index + 1,
    id: index + 1,
    schema: schemas?.[index],
  });
  if (method === 'POST' && rest[0] === 'versions') {
    const all = schemas ?? [];
    if (!all.includes(schema)) subjects.set(name, [...all, schema]);
    return [200, { id: (subjects.get(name) ?? []).indexOf(schema) + 1 }];
  }
  if (!schemas) return noSubject;
  if (method === 'POST') {
    const index = schemas.indexOf(schema);
    return index < 0 ? [404, { error_code: 40403, message: 'Schema not found' }] : [200, place(index)];
  }
  const [, version] = rest;
  return [200, version === undefined ? schemas.map((_, index) => index + 1) : place(Number(version) - 1)];
}

function list(subjects: ReadonlyMap<string, readonly string[]>, query: URLSearchParams): object {
  const all = [...subjects].flatMap(([artifactId, schemas]) =>
    schemas.map((_, index) => ({ artifactId, contentId: index + 1 })),
  );
  const offset = Number(query.get('offset'));
  const limit = Math.min(Number(query.get('limit')), LONGEST_PAGE);
  const versions = all
    .map((version, index) => ({
      ...version,
      globalId: index,
      state: 'ENABLED',
      createdOn: '2026-11-20T08:00:00Z',
      owner: 'jdoe',
    }))
    .slice(offset, offset + limit);
  return { count: all.length, versions };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
