import type { AppDocument } from '../load-asyncapi.ts';
import type { EarlierEvent } from './earlier-event.ts';

/** True when the app has a receive operation for the topic of the event, to handle its records or to show them. */
export function isConsumedBy({ operations }: AppDocument, { meta }: EarlierEvent): boolean {
  return operations.some(({ action, channel }) => action === 'receive' && channel.address === meta.topic);
}

/** Returns the names of the apps that receive the event. */
export function consumersOf(event: EarlierEvent | undefined, apps: readonly AppDocument[]): string[] {
  return event ? apps.filter((app) => isConsumedBy(app, event)).map(({ name }) => name) : [];
}
