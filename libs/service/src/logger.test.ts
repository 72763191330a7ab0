import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ name: 'store', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one JSON object per line with service, level as a word and ISO time', () => {
    const [line] = logged((logger) => logger.info({ sku: 'Item_1' }, 'moved'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      service: 'store',
      sku: 'Item_1',
      msg: 'moved',
    });
  });

  it('leaves out what is below its level', () => {
    expect(logged((logger) => logger.debug('noise'))).toEqual([]);
  });

  it('cuts secrets out, also one level down', () => {
    const [line] = logged((logger) =>
      logger.info({
        password: 'hidden',
        database: { connectionString: 'hidden' },
        req: { headers: { authorization: 'hidden' } },
      }),
    );
    expect(JSON.stringify(line)).not.toContain('hidden');
  });

  it('tells type, message, code, stack and causes of an error, and nothing that hangs on it', () => {
    const cause = Object.assign(new RangeError('below'), { code: 'ECONNREFUSED' });
    const error = Object.assign(new Error('above', { cause }), { client: { user: 'hidden' } });
    const [line] = logged((logger) => logger.error({ err: error }));
    expect(line?.['err']).toEqual({
      type: 'Error',
      message: 'above',
      stack: error.stack,
      cause: { type: 'RangeError', message: 'below', code: 'ECONNREFUSED', stack: cause.stack },
    });
  });
});
