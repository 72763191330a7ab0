/** `platform status`: what runs, and where. */
import { isOwnerAlive, livingProcesses, readPlatformState } from './state.ts';

/** Returns the text for the user, and whether the instance is ready. */
export function status(instance: string): { text: string; ready: boolean } {
  const state = readPlatformState(instance);
  if (!state) return { text: `The platform "${instance}" does not run.`, ready: false };
  const parts = livingProcesses(state).map(
    ({ name, pid, port }) => `  ${name.padEnd(12)} process ${pid}, port ${port}`,
  );
  if (!isOwnerAlive(state)) {
    if (parts.length === 0) {
      const reason = state.error ? ` Its last start failed:\n${state.error}` : '';
      return { text: `The platform "${instance}" does not run.${reason}`, ready: false };
    }
    const text = `The platform "${instance}" was ended by force and left:\n${parts.join('\n')}\nStop that with: npm run platform -- down`;
    return { text, ready: false };
  }
  const addresses =
    state.status === 'ready'
      ? [
          `  Kafka        ${state.kafka.brokers.join(',')}`,
          `  registry     ${state.registry.url}`,
          `  PostgreSQL   ${state.database.url}`,
        ]
      : [];
  const head = `The platform "${instance}" (${state.provider}) is ${state.status}; process ${state.pid}.`;
  return { text: [head, ...addresses, ...parts].join('\n'), ready: state.status === 'ready' };
}
