/** `nx serve <app>`: one app against the running platform, started again whenever its code changes. */
import { spawn } from 'node:child_process';
import { ensureDatabase, isOwnerAlive, readPlatformState, WORKSPACE } from '@eda/platform';
import { APPS, appEnvironment } from './apps.ts';

const name = process.argv[2];
const app = APPS.find((one) => one.name === name);
const state = readPlatformState('dev');

if (app === undefined) {
  console.error(`There is no app "${name ?? ''}" to serve. Apps: ${APPS.map((one) => one.name).join(', ')}.`);
  process.exitCode = 2;
} else if (state?.status !== 'ready' || !isOwnerAlive(state)) {
  console.error('No platform is running. Start one in another terminal: npm run platform');
  process.exitCode = 1;
} else {
  const env = await appEnvironment(app, {
    brokers: state.kafka.brokers,
    registryUrl: state.registry.url,
    databaseUrl: (database) => ensureDatabase(state.database.url, database),
  });
  const child = spawn(process.execPath, ['--watch', `apps/${app.name}/src/main.ts`], {
    cwd: WORKSPACE,
    stdio: 'inherit',
    // What the user's shell says wins, so that PORT=3011 works.
    env: { ...env, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => (process.exitCode = code ?? 0));
}
