import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPool, isDatabaseUnavailable } from './database.ts';
import { createLogger } from './logger.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const coded = (code: string) => Object.assign(new Error(code), { code });

function pool(port: number) {
  const created = createPool({
    connectionString: `postgres://a:b@127.0.0.1:${port}/c`,
    logger,
    connectTimeoutMs: 200,
  });
  onTestFinished(() => created.end());
  return created;
}

describe('isDatabaseUnavailable', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', '08006', '57P01', '57P03', '53300', '25006'])(
    'is true for %s: the same call may succeed later',
    (code) => {
      expect(isDatabaseUnavailable(coded(code))).toBe(true);
    },
  );

  it.each(['23505', '42P01', '28P01', '57014', 'ERR_ASSERTION'])(
    'is false for %s: waiting does not help',
    (code) => {
      expect(isDatabaseUnavailable(coded(code))).toBe(false);
    },
  );

  it('is false for what is no error of a database', () => {
    expect(isDatabaseUnavailable(new Error('Connection refused by policy'))).toBe(false);
    expect(isDatabaseUnavailable('Connection terminated')).toBe(false);
  });

  it('is true when nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const error: unknown = await pool(port)
      .query('SELECT 1')
      .catch((reason: unknown) => reason);
    expect(isDatabaseUnavailable(error)).toBe(true);
  });

  it.each([
    ['closes the connection', (end: () => void) => end()],
    ['says nothing', () => undefined],
  ])('is true when the other side %s', async (_name, react) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      react(() => void socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const error: unknown = await pool((server.address() as AddressInfo).port)
      .query('SELECT 1')
      .catch((reason: unknown) => reason);
    expect(isDatabaseUnavailable(error), String(error)).toBe(true);
  });
});
