/** Which ports are free, and who holds those that are not. */
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { reservePort } from './port-reservations.ts';

export const LOOPBACK = '127.0.0.1';

/**
 * Below the range from which systems give ports to outgoing connections: a port from that range can be in use again
 * between the moment it was found free and the moment a server takes it.
 */
const FREE_PORTS = { from: 15_000, to: 32_000 };

/**
 * Returns `count` different free ports that no other process of this user is given while this one lives: a server that ends
 * and comes back finds its port free.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(FREE_PORTS.from, FREE_PORTS.to);
    if (!found.has(port) && (await isPortFree(port)) && reservePort(port)) found.add(port);
  }
  return [...found];
}

/** Returns whether nobody listens on `port`, neither on loopback nor on all addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  // macOS lets a loopback listener stand beside one on all addresses, so asking for an answer comes first.
  if (await answersOn(port)) return false;
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

/** Returns a phrase for the process that listens on `port`, for example `process 4711 (java -jar x.jar)`. */
export function holderOf(port: number): string {
  const pid = process.platform === 'linux' ? pidFromProc(port) : pidFromLsof(port);
  return pid === undefined ? 'a process of another user or container' : `process ${pid} (${commandOf(pid)})`;
}

function answersOn(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    socket.setTimeout(1_000);
    for (const [event, answer] of [
      ['connect', true],
      ['error', false],
      ['timeout', false],
    ] as const) {
      socket.once(event, () => {
        socket.destroy();
        resolve(answer);
      });
    }
  });
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(server));
  });
}

function pidFromProc(port: number): number | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
      linesOf(table)
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local, , state]) => local?.endsWith(`:${hexPort}`) && state === '0A')
        .map((fields) => `socket:[${fields[9] ?? ''}]`),
    ),
  );
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        if (inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`))) return Number(pid);
      }
    } catch {
      // The process ended meanwhile or belongs to another user.
    }
  }
  return undefined;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function pidFromLsof(port: number): number | undefined {
  try {
    const output = execFileSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' });
    return Number(output.split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    const text = command.trim();
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  } catch {
    return 'unknown command';
  }
}
