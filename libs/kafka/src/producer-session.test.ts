import { pino } from 'pino';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { ProducerSession, ProducerSessions } from './producer-session.ts';

const logger = pino({ level: 'silent' });

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

it('a session that was replaced is not kept when its last batch is decided', async () => {
  const collect = garbageCollector();
  const clients: WeakRef<object>[] = [];
  const sessions = new ProducerSessions(() => {
    const client = {
      connect: () => Promise.resolve(),
      append: () => Promise.resolve(0n),
      disconnect: () => Promise.resolve(),
    };
    clients.push(new WeakRef(client));
    return new ProducerSession(client, logger);
  });
  const replaceOne = async () => {
    const session = sessions.current();
    session.use();
    await session.ready();
    sessions.retire(session);
    session.release();
    await turn();
  };

  for (let count = 0; count < 5; count += 1) await replaceOne();
  await turn();
  collect();

  expect(clients.map((client) => client.deref())).toEqual(Array(5).fill(undefined));
  await sessions.endAll();
});
