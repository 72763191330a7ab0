import { createCertificateAuthority, createMountedSecret, waitFor } from '@eda/testing';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import { credentialsFromDirectory } from './credentials-directory.ts';
import type { CredentialsSource } from './credentials.ts';
import { CredentialsInvalid } from './errors.ts';

const cluster = createCertificateAuthority('cluster-ca');
const clients = createCertificateAuthority('clients-ca');
const OLD = 'the-old-secret';
const NEW = 'the-new-secret';

const secret = (password: string) => ({
  'bootstrap.servers': 'kafka:9093',
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'SCRAM-SHA-512',
  username: 'store',
  password,
  'ssl.truststore.crt': cluster.cert,
});

/** A source that looks often, and all that it logs. */
function watch(path: string): { source: CredentialsSource; log: () => string } {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) });
  const source = credentialsFromDirectory(path, { logger, pollIntervalMs: 10 });
  onTestFinished(() => source.close());
  return { source, log: () => lines.join('') };
}

function mount(files: Readonly<Record<string, string>>) {
  const mounted = createMountedSecret(files);
  onTestFinished(() => mounted[Symbol.dispose]());
  return mounted;
}

const without = (files: Record<string, string>, omitted: string) =>
  Object.fromEntries(Object.entries(files).filter(([name]) => name !== omitted));

const passwordOf = (source: CredentialsSource) => source.current().sasl?.password;

it('takes a changed Secret without a restart, tells its listeners, and shows no secret', async () => {
  const mounted = mount(secret(OLD));
  const { source, log } = watch(mounted.path);
  const heard: string[] = [];
  source.onChange(({ version }) => void heard.push(version));
  const before = source.current();
  expect(passwordOf(source)).toBe(OLD);

  mounted.replace(secret(NEW));
  await waitFor(() => passwordOf(source) === NEW, { description: 'the new password is taken' });
  expect(heard).toEqual([source.current().version]);
  expect(source.current().version).not.toBe(before.version);
  expect(log()).toContain('taken for new connections');
  expect(log()).not.toMatch(new RegExp(`${OLD}|${NEW}`));
});

it('tells nobody who has stopped listening', async () => {
  const mounted = mount(secret(OLD));
  const { source } = watch(mounted.path);
  let heard = 0;
  const forget = source.onChange(() => (heard += 1));
  forget();
  mounted.replace(secret(NEW));
  await waitFor(() => passwordOf(source) === NEW, { description: 'the new password is taken' });
  expect(heard).toBe(0);
});

it('keeps the last good set while a new one is broken, and says which file is wrong', async () => {
  const mounted = mount(secret(OLD));
  const { source, log } = watch(mounted.path);
  mounted.replace(without(secret(NEW), 'password'));
  await waitFor(() => source.problem(), { description: 'the problem is reported' });
  expect(source.problem()).toMatch(/password is missing/);
  expect(passwordOf(source)).toBe(OLD);
  expect(log().match(/cannot be used/g)).toHaveLength(1);

  mounted.replace(secret(NEW));
  await waitFor(() => source.problem() === undefined, { description: 'the problem is over' });
  expect(passwordOf(source)).toBe(NEW);
});

it('is content again when the broken set is taken back', async () => {
  const mounted = mount(secret(OLD));
  const { source } = watch(mounted.path);
  mounted.replace({ ...secret(OLD), 'security.protocol': 'nonsense' });
  await waitFor(() => source.problem(), { description: 'the problem is reported' });
  mounted.replace(secret(OLD));
  await waitFor(() => source.problem() === undefined, { description: 'the problem is over' });
  expect(passwordOf(source)).toBe(OLD);
});

/** Lets the source look `times` times, and nothing happen meanwhile. */
function looksByHand(): (times: number) => void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  return (times) => void vi.advanceTimersByTime(10 * times);
}

it('does not take user name and password from two changes: files that are not exchanged in one step', () => {
  const folder = mkdtempSync(join(tmpdir(), 'credentials-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  write(secret(OLD));
  const look = looksByHand();
  const { source } = watch(folder);
  const seen: string[] = [];
  source.onChange(({ sasl }) => void seen.push(`${sasl?.username ?? ''} ${sasl?.password ?? ''}`));
  write({ username: 'other' });
  look(1);
  write({ password: NEW });
  look(1);
  expect(seen).toEqual([]);
  look(1);
  expect(seen).toEqual([`other ${NEW}`]);
});

it('reports a directory that cannot be read once, not at every look', () => {
  const mounted = mount(secret(OLD));
  const look = looksByHand();
  const { source, log } = watch(mounted.path);
  rmSync(mounted.path, { recursive: true });
  look(5);
  expect(source.problem()).toMatch(/cannot be read/);
  expect(log().match(/cannot be used/g)).toHaveLength(1);
});

it('survives that the whole directory goes away and comes back', async () => {
  const mounted = mount(secret(OLD));
  const { source } = watch(mounted.path);
  renameSync(mounted.path, `${mounted.path}-away`);
  onTestFinished(() => rmSync(`${mounted.path}-away`, { recursive: true, force: true }));
  await waitFor(() => source.problem(), { description: 'the problem is reported' });
  expect(source.problem()).toMatch(/cannot be read \(ENOENT\)/);
  expect(passwordOf(source)).toBe(OLD);
  renameSync(`${mounted.path}-away`, mounted.path);
  await waitFor(() => source.problem() === undefined, { description: 'the problem is over' });
});

it('never takes half of a change: certificate and key that are written one after another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'credentials-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (files: Record<string, string>) => {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  const pair = () => clients.issue({ name: 'store' });
  const first = pair();
  const second = pair();
  write({
    'security.protocol': 'SSL',
    'ssl.truststore.crt': cluster.cert,
    'ssl.keystore.crt': first.cert,
    'ssl.keystore.key': first.key,
  });
  const { source } = watch(folder);
  const seen: string[] = [];
  source.onChange(({ tls }) => void seen.push(`${tls?.cert ?? ''}${tls?.key ?? ''}`));

  write({ 'ssl.keystore.crt': second.cert });
  await waitFor(() => source.problem(), { description: 'a pair that does not fit is reported' });
  expect(source.current().tls?.cert).toBe(first.cert.trim());
  write({ 'ssl.keystore.key': second.key });
  await waitFor(() => source.current().tls?.key === second.key.trim(), { description: 'the pair is taken' });
  expect(seen).toEqual([`${second.cert.trim()}${second.key.trim()}`]);
});

it('does not begin without a usable set', () => {
  const logger = pino({ level: 'silent' });
  expect(() => credentialsFromDirectory('/nowhere/at/all', { logger })).toThrow(CredentialsInvalid);
  expect(() => credentialsFromDirectory('/nowhere/at/all', { logger })).toThrow(/mount the Secret there/);
  const broken = mount(without(secret(OLD), 'username'));
  expect(() => credentialsFromDirectory(broken.path, { logger })).toThrow(/username is missing/);
});
