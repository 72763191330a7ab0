import { freePort } from '@eda/testing';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCli } from '../cli.ts';
import { release } from '../check/release.ts';
import { copyContracts } from '../copy-contracts.ts';
import { send, startFakeRegistry } from './fake-registry.ts';
import type { FakeRegistry, Fault } from './fake-registry.ts';

const COMMANDS = ['plan', 'apply', 'verify'] as const;
type Name = (typeof COMMANDS)[number];

let root: string;
let change: ReturnType<typeof copyContracts>['change'];

beforeEach(() => {
  const contracts = copyContracts();
  ({ root, change } = contracts);
  onTestFinished(contracts.delete);
  for (const name of ['URL', 'USERNAME', 'PASSWORD', 'TOKEN'])
    vi.stubEnv(`SCHEMA_REGISTRY_${name}`, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function run(name: Name, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const output = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const code = await runCli([name, ...args], root, output);
  return { code, out, err };
}

async function registry(fault?: Fault): Promise<FakeRegistry> {
  const fake = await startFakeRegistry(fault);
  onTestFinished(() => fake[Symbol.asyncDispose]());
  vi.stubEnv('SCHEMA_REGISTRY_URL', fake.url);
  return fake;
}

const html = (status: number) => (_: unknown, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
  return true;
};
const json = (status: number, body: unknown) => (_: unknown, response: ServerResponse) => {
  send(response, status, body);
  return true;
};

describe('a registry that is none, or not well', () => {
  it.each<[string, Fault, string[]]>([
    ['answers HTML', html(200), ['does not answer as a registry does: 200 with text/html', 'login page']],
    ['answers invalid JSON', (_, response) => !!response.end('{"compat'), ['200 with nothing readable']],
    [
      'answers other JSON',
      json(200, { hello: 'world' }),
      ['does not answer as a registry does: 200 with JSON'],
    ],
    ['answers null', json(200, null), ['does not answer as a registry does: 200 with JSON']],
    ['asks for credentials', html(401), ['asks for credentials: 401', 'Set SCHEMA_REGISTRY_USERNAME']],
    [
      'does not allow it',
      json(403, { message: 'no role' }),
      ['does not allow this: 403: no role', 'right to read'],
    ],
    [
      'is not at this address',
      html(404),
      ['There is no schema registry at this address: 404', '/apis/ccompat/v7'],
    ],
    [
      'says 404 in JSON',
      json(404, { error_code: 404, message: 'HTTP 404' }),
      ['no schema registry at this address'],
    ],
    ['points elsewhere', html(302), ['points elsewhere: 302', 'login page']],
    ['answers 409 as a proxy', html(409), ['refused the request: 409, with text/html']],
    ['answers 422 as a proxy', html(422), ['refused the request: 422, with text/html']],
    ['answers 409 as a registry', json(409, { error_code: 409, message: 'read only' }), ['409: read only']],
    ['answers 422 as a registry', json(422, { error_code: 422, message: 'odd' }), ['422: odd']],
    ['fails', json(500, { error_code: 500, message: 'boom\n  at x' }), ['failed: 500: boom at x', 'Its log']],
    ['is not ready', html(503), ['is not ready: 503', '--wait SECONDS']],
  ])('%s', async (_, fault, expected) => {
    const { url } = await registry(fault);
    for (const name of COMMANDS) {
      const { code, err } = await run(name);
      expect(code).toBe(2);
      for (const text of [...expected, `(GET ${url}/config)`]) expect(err).toContain(text);
      expect(err.trim().split('\n')).toHaveLength(1);
    }
  });

  it('hangs, before or within its answer', async () => {
    const { url } = await registry((_, response) => {
      response.write('{');
      return true;
    });
    const started = performance.now();
    const { code, err } = await run('plan', '--timeout', '0.3');
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(code).toBe(2);
    expect(err).toContain(`within 0.3 s (GET ${url}/config)`);
  });

  it('is not there', async () => {
    const { code, err } = await run(
      'plan',
      '--registry',
      `http://127.0.0.1:${await freePort()}/apis/ccompat/v7`,
    );
    expect(code).toBe(2);
    expect(err).toContain('connection refused');
    expect(err).toContain('--wait SECONDS waits for it');
  });

  it('has a name that nobody knows', async () => {
    const { code, err } = await run('plan', '--registry', 'http://registry.invalid/apis/ccompat/v7');
    expect(code).toBe(2);
    expect(err).toMatch(/^There is no host registry\.invalid: (ENOTFOUND|EAI_AGAIN) \(GET http/);
  });

  it('does not speak TLS', async () => {
    const { url } = await registry();
    const { code, err } = await run('plan', '--registry', url.replace('http:', 'https:'));
    expect(code).toBe(2);
    expect(err).toContain('No trusted connection to 127.0.0.1');
  });

  it('hangs up', async () => {
    await registry((request) => !!request.socket.destroy());
    expect(await run('plan')).toMatchObject({ code: 2, err: expect.stringContaining('broke') as string });
  });

  it.each<[string, unknown]>([
    ['lists nothing that can be understood', { versions: 'all' }],
    [
      'gives one page for ever',
      { count: 5000, versions: [{ globalId: 1, artifactId: 'a', state: 'ENABLED' }] },
    ],
  ])('%s', async (_, page) => {
    await registry(
      (request, response) => !!request.url?.includes('/search/') && json(200, page)(request, response),
    );
    const { code, err } = await run('verify');
    expect(code).toBe(2);
    expect(err).toContain('Is it an Apicurio Registry 3.3?');
  });

  it('is not an Apicurio Registry: plan works, verify says what it needs', async () => {
    const { url } = await registry((request) => {
      request.url = `/apis/ccompat/v7${request.url ?? ''}`;
      return false;
    });
    const elsewhere = ['--registry', url.replace('/apis/ccompat/v7', '')];
    expect((await run('plan', ...elsewhere)).code).toBe(3);
    const { code, err } = await run('verify', ...elsewhere);
    expect(code).toBe(2);
    expect(err).toContain('is not the address of an Apicurio Registry 3');
  });

  it.each(COMMANDS)('has an id that fits into no record: %s', async (name) => {
    const fake = await registry((request, response) => {
      if (request.method !== 'POST') return false;
      return json(200, { version: 1, id: 4_611_686_018_427_388_000 })(request, response);
    });
    fake.subjects.set('retail.stock-moved.v1-value', ['{}']);
    fake.subjects.set('retail.item-stock.v1-value', ['{}']);
    const { code, err } = await run(name);
    expect(code).toBe(2);
    expect(err).toContain('a record has four bytes for it (at most 2147483647)');
  });

  it('answers what cannot be understood in the middle', async () => {
    await registry(
      (request, response) => request.method === 'POST' && json(200, { id: '7' })(request, response),
    );
    const { code, err } = await run('plan');
    expect(code).toBe(2);
    expect(err).toContain('said nothing that can be understood (200)');
  });
});

describe('waiting', () => {
  it('--wait waits for a registry that does not listen yet, and says so', async () => {
    const port = await freePort();
    const started = run('plan', '--registry', `http://127.0.0.1:${port}/apis/ccompat/v7`, '--wait', '60');
    const server = createServer((request, response) => {
      if (request.url?.endsWith('/v7/config')) send(response, 200, { compatibilityLevel: 'NONE' });
      else send(response, 404, { error_code: 40401, message: 'none' });
    });
    await new Promise((done) => setTimeout(done, 300));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close().closeAllConnections();
    });
    const { code, err } = await started;
    expect(code).toBe(3);
    expect(err).toMatch(
      /^Waiting for the registry\. Nothing listens at 127\.0\.0\.1:\d+: connection refused/,
    );
  });

  it('--wait ends, with the reason', async () => {
    await registry(html(503));
    const started = performance.now();
    const { code, err } = await run('plan', '--wait', '1');
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(code).toBe(2);
    expect(err.trim().split('\n').at(-1)).toContain('is not ready: 503');
  });

  it('--wait does not wait for what no time mends', async () => {
    const fake = await registry(html(401));
    expect((await run('plan', '--wait', '60')).code).toBe(2);
    expect(fake.requests).toHaveLength(1);
  });

  it('goes on when the registry is away for a moment in the middle', async () => {
    let left = 3;
    const fake = await registry((request, response) => {
      const away = request.method === 'PUT' && left > 0;
      if (away) left -= 1;
      return away && html(503)(request, response);
    });
    expect((await run('apply')).code).toBe(0);
    expect(left).toBe(0);
    expect(fake.levels.size).toBe(4);
  });

  it('asks once for what is not allowed', async () => {
    const fake = await registry(
      (request, response) => request.method === 'PUT' && html(403)(request, response),
    );
    expect(await run('apply')).toMatchObject({ code: 2 });
    const puts = fake.requests.filter((request) => request.startsWith('PUT'));
    expect(puts).toHaveLength(new Set(puts).size);
  });

  it('does not ask for ever when it stays away', async () => {
    await registry((request, response) => request.method === 'POST' && html(503)(request, response));
    expect(await run('apply', '--timeout', '0.5')).toMatchObject({ code: 2 });
  });
});

describe('credentials', () => {
  const seen = async (env: Record<string, string>, registryUrl?: (url: string) => string) => {
    let header: string | undefined;
    const fake = await registry((request, response) => {
      header = request.headers.authorization;
      return json(401, {})(request, response);
    });
    for (const [name, value] of Object.entries(env)) vi.stubEnv(`SCHEMA_REGISTRY_${name}`, value);
    const result = await run('plan', '--registry', registryUrl?.(fake.url) ?? fake.url);
    return { header, ...result };
  };
  const BASIC = `Basic ${Buffer.from('me:s3cret').toString('base64')}`;

  it('are a name and a password, a token, or stand in the address; none is ever shown', async () => {
    const results = [
      await seen({ USERNAME: 'me', PASSWORD: 's3cret' }),
      await seen({}, (url) => url.replace('//', '//me:s3cret@')),
      await seen({ USERNAME: '', PASSWORD: '', TOKEN: 's3cret\n' }),
    ];
    expect(results.map(({ header }) => header)).toEqual([BASIC, BASIC, 'Bearer s3cret']);
    for (const { code, out, err } of results) {
      expect(code).toBe(2);
      expect(err).toContain('does not accept these credentials: 401');
      expect(out + err).not.toMatch(/s3cret|me:/);
      expect(out + err).not.toContain(BASIC.slice('Basic '.length));
    }
  });

  it.each<[Record<string, string>, string]>([
    [{ USERNAME: 'me' }, 'incomplete'],
    [{ PASSWORD: 's3cret' }, 'incomplete'],
    [{ USERNAME: 'me', PASSWORD: 's3cret', TOKEN: 's3cret' }, 'two kinds of credentials'],
    [{ TOKEN: 's3\ncret' }, 'characters that no token has'],
  ])('%j are wrong, and say how', async (env, expected) => {
    const { code, err, header } = await seen(env);
    expect({ code, header }).toEqual({ code: 2, header: undefined });
    expect(err).toContain(expected);
    expect(err).not.toMatch(/s3/);
  });

  it('are not sent to where a registry points', async () => {
    const requests: string[] = [];
    const other = await registry((request) => !!requests.push(request.headers.authorization ?? ''));
    vi.stubEnv('SCHEMA_REGISTRY_TOKEN', 's3cret');
    await registry((_, response) => !!response.writeHead(307, { location: other.url }).end());
    expect((await run('plan')).code).toBe(2);
    expect(requests).toEqual([]);
  });
});

describe('usage', () => {
  it.each(COMMANDS)('%s --help lists options and exit codes', async (name) => {
    const { code, out } = await run(name, '--help');
    expect(code).toBe(0);
    for (const word of [
      '--registry',
      '--prefix',
      '--timeout',
      '--wait',
      'Exit codes',
      'SCHEMA_REGISTRY_TOKEN',
    ])
      expect(out).toContain(word);
  });

  it.each<[Name, string[], string]>([
    ['plan', [], 'Which registry? Set --registry or SCHEMA_REGISTRY_URL'],
    ['plan', ['--registry', 'ftp://x'], 'is no URL of http or https'],
    ['plan', ['--registry', 'http://me:s3cret%@127.0.0.1:1/'], 'a % in them is written %25'],
    ['plan', ['--registry', 'http://:s3cret@127.0.0.1:1/'], 'credentials are incomplete'],
    ['plan', ['--registry', 'not://me:s3cret@ an address'], 'is no URL of http or https'],
    ['plan', ['more'], 'Unexpected argument "more"'],
    ['plan', ['--format', 'xml'], '--format is "xml", expected text or json'],
    ['plan', ['--ignore', 'x'], 'plan has no option --ignore'],
    ['apply', ['--format', 'json'], 'apply has no option --format'],
    ['apply', ['--wait', 'long'], '--wait is "long", expected seconds'],
    ['apply', ['--wait=-1'], '--wait is "-1"'],
    ['apply', ['--timeout', '0'], '--timeout is "0"'],
    ['apply', ['--timeout', 'Infinity'], '--timeout is "Infinity"'],
    ['verify', ['--timeout='], '--timeout is ""'],
  ])('%s %j is wrong, and says what', async (name, args, expected) => {
    const { code, out, err } = await run(name, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
    expect(err).not.toContain('s3cret');
  });

  it('contracts that are wrong are told, and the registry is not asked', async () => {
    const fake = await registry();
    change('schemas/retail/v1/StockMoved.avsc', 'timestamp-millis', 'timestamp-milis');
    const { code, err } = await run('apply');
    expect(code).toBe(2);
    expect(err).toContain('timestamp-milis');
    expect(fake.requests).toEqual([]);
  });
});

describe('what it says', () => {
  it('from an empty registry to one that is in step', async () => {
    const fake = await registry();
    const planned = await run('plan');
    expect(planned.code).toBe(3);
    expect(planned.out).toContain(
      'retail.stock-moved.v1-value              create, set compatibility to FULL_TRANSITIVE\n',
    );
    expect(planned.out).toContain('4 to change, 0 in step\n');
    expect(fake.subjects.size + fake.levels.size).toBe(0);

    const applied = await run('apply');
    expect(applied.code).toBe(0);
    expect(applied.out).toContain(
      'retail.stock-moved.v1-value: create, set compatibility to FULL_TRANSITIVE; version 1, id 1\n',
    );
    expect(applied.out).toContain('4 subjects as git says\n');

    expect(await run('plan')).toMatchObject({ code: 0, err: '' });
    expect((await run('apply')).out).toContain('retail.stock-moved.v1-value: in step; version 1, id 1\n');
    expect(await run('verify')).toMatchObject({ code: 0, err: '' });
  });

  it('plan --format json', async () => {
    const { url } = await registry();
    const { code, out } = await run('plan', '--format', 'json', '--prefix', 'team-');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      registry: url,
      subjects: [
        {
          subject: 'team-retail.item-stock.v1-value',
          changes: [
            { kind: 'create-subject' },
            { kind: 'set-compatibility', from: null, to: 'FULL_TRANSITIVE' },
          ],
        },
        {},
        {},
        {},
      ],
    });
  });

  it('a change that the registry refuses, with its reason, and writes nothing at all', async () => {
    const fake = await registry();
    await run('apply');
    fake.levels.delete('retail.item-stock.v1-value');
    change('schemas/retail/v1/StockMoved.avsc', 'One item was sold', 'An incompatible item was sold');
    const reason = 'REFUSED: not FULL_TRANSITIVE compatible with the versions there: amount at /fields/1';

    const planned = await run('plan');
    expect(planned.code).toBe(1);
    expect(planned.out).toContain(reason);
    expect(planned.out).toContain('1 to change, 2 in step, 1 refused\n');

    const before = fake.requests.length;
    const { code, err } = await run('apply');
    expect(code).toBe(1);
    expect(err).toContain(`retail.stock-moved.v1-value: ${reason}\nNothing was written.`);
    const writes = /^PUT|^POST \/apis\/ccompat\/v7\/subjects\/[^/]*\/versions/;
    expect(fake.requests.slice(before).filter((request) => writes.test(request))).toEqual([]);
  });

  it('a subject that somebody else has changed after the check', async () => {
    const late = 'retail.stock-moved.v1-value';
    const refuse = json(409, { error_code: 409, message: 'com.acme.RuleException: amount at /fields/1' });
    await registry((request, response) => {
      const adds = request.method === 'POST' && !!request.url?.endsWith(`/subjects/${late}/versions`);
      return adds && refuse(request, response);
    });
    const { code, err } = await run('apply');
    expect(code).toBe(1);
    expect(err).toContain(`${late}: REFUSED: amount at /fields/1 (409)\n`);
    expect(err).toContain(
      '3 subjects published, and a level may be set where the schema was refused; run apply',
    );
  });

  it('every schema after the levels were set, which is not nothing', async () => {
    const refuse = json(409, { error_code: 409, message: 'read only' });
    const fake = await registry(
      (request, response) =>
        request.method === 'POST' && !!request.url?.endsWith('/versions') && refuse(request, response),
    );
    const { code, err } = await run('apply');
    expect(code).toBe(1);
    expect(fake.levels.size).toBeGreaterThan(0);
    expect(err).toContain('0 subjects published, and a level may be set');
    expect(err).not.toContain('Nothing was written');
  });

  it('a level before anything was set', async () => {
    await registry(
      (request, response) =>
        request.method === 'PUT' && json(422, { error_code: 42203, message: 'no' })(request, response),
    );
    const { code, err } = await run('apply');
    expect(code).toBe(1);
    expect(err).toContain('Nothing was written.');
  });

  it('a level that somebody else sets at the same time', async () => {
    const fake = await registry((request, response) => {
      if (request.method !== 'PUT') return false;
      fake.levels.set(request.url?.split('/').at(-1) ?? '', 'FULL_TRANSITIVE');
      return json(409, { error_code: 0, message: "A rule named 'COMPATIBILITY' already exists." })(
        request,
        response,
      );
    });
    expect(await run('apply')).toMatchObject({ code: 0, err: '' });
  });

  it('drift in both directions', async () => {
    const fake = await registry();
    await run('apply');
    fake.subjects.delete('retail.item-stock.v1-value');
    fake.levels.set('retail.store-stock.v1-value', 'BACKWARD');
    fake.subjects.get('retail.store-stock.v1-value')?.push('{"type":"string"}');
    fake.subjects.set('retail.replenishment-requested.v1-value', ['"string"']);
    fake.subjects.set('somebody.else', ['"string"', '"int"']);
    fake.subjects.set('other.else', ['"string"']);
    const { code, out } = await run('verify', '--ignore', 'other.*');
    expect(code).toBe(1);
    const lines = out.split('\n').filter((line) => line.startsWith('C040'));
    expect(lines.map((line) => line.replace('C040 DRIFT ', ''))).toEqual([
      'retail.item-stock.v1-value: is not in the registry. Publish it: contracts apply',
      'retail.replenishment-requested.v1-value: the registry, at version 1, does not have the schema of git. Publish it: contracts apply',
      expect.stringContaining(
        'has version 1 (id 1) that is not in git, created 2026-11-20T08:00:00Z by "jdoe"',
      ) as string,
      'retail.store-stock.v1-value: has compatibility BACKWARD, git says FULL_TRANSITIVE. Set it: contracts apply',
      expect.stringContaining(
        'retail.store-stock.v1-value: has version 2 (id 2) that is not in git',
      ) as string,
      'somebody.else: is not in git (2 versions), created 2026-11-20T08:00:00Z by "jdoe". Delete it, or pass --ignore when it is somebody else\'s',
    ]);
    expect(out).toContain('6 differences\n');
  });

  it('drift beyond a thousand subjects', async () => {
    const fake = await registry();
    await run('apply', '--prefix', 'team-');
    for (let index = 0; index < 2_345; index += 1) fake.subjects.set(`zone-${index}`, ['"string"']);
    const { code, out } = await run('verify', '--prefix', 'team-', '--format', 'json');
    expect({ code, drift: (JSON.parse(out) as { drift: unknown }).drift }).toEqual({ code: 0, drift: [] });
    const all = await run('verify', '--ignore', 'team-*', '--format', 'json');
    expect(all.code).toBe(1);
    const { drift } = JSON.parse(all.out) as { drift: { kind: string }[] };
    expect(drift.filter(({ kind }) => kind === 'unknown-subject')).toHaveLength(2_345);
    expect(drift.filter(({ kind }) => kind === 'missing-subject')).toHaveLength(4);
  });

  it('a version that git remembers as an earlier one is no drift', async () => {
    const fake = await registry();
    release(root);
    await run('apply');
    change('schemas/retail/v1/StockMoved.avsc', '"RESTOCK"]', '"RESTOCK", "LOSS"]');
    expect((await run('plan')).out).toContain(
      'retail.stock-moved.v1-value              new version after 1\n',
    );
    expect((await run('apply')).code).toBe(0);
    expect(fake.subjects.get('retail.stock-moved.v1-value')).toHaveLength(2);
    expect(await run('verify')).toMatchObject({ code: 0 });
  });
});
