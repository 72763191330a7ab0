/** PostgreSQL alone, without the rest of the platform. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePorts } from './ports.ts';
import { postgresAnswers, preparePostgres, startPostgres } from './postgres.ts';
import { endLeftovers, openLedger } from './process-ledger.ts';
import { untilAnswering } from './supervisor.ts';

export interface PostgresServer extends AsyncDisposable {
  /** Address with administrator rights. */
  readonly url: string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL on a free port of loopback with its data in `folder`, which it makes; resolves when it answers. */
export async function startPostgresServer(options: {
  readonly folder: string;
  readonly signal?: AbortSignal;
}): Promise<PostgresServer> {
  const folder = resolve(options.folder);
  const [port = 0] = await freePorts(1);
  mkdirSync(folder, { recursive: true });
  await endLeftovers(folder);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const prepared = await preparePostgres({
      dataFolder: join(folder, 'data'),
      logFile: join(folder, 'postgres.log'),
      port,
      durable: false,
    });
    const part = await startPostgres(prepared);
    if (part.process) openLedger(folder).add(part.process);
    const stop = async () => {
      await part.stop();
      remove();
    };
    try {
      const answers = () => postgresAnswers(prepared.url);
      await untilAnswering(part, { answers }, options.signal ?? new AbortController().signal);
    } catch (error) {
      await stop();
      throw error;
    }
    return { url: prepared.url, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    remove();
    throw error;
  }
}
