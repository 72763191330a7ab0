import type { EventModel } from '../contract-model.ts';

/** Returns how to publish a change that older versions cannot go along with: as a new event beside the old one. */
export function stepsToNextMajor({ record, meta }: EventModel, events: readonly EventModel[]): string[] {
  const [, domain = '', major = ''] = record.file.split('/');
  const taken = events
    .filter((event) => event.record.name === record.name && event.record.file.split('/')[1] === domain)
    .map((event) => Number(event.record.file.split('/')[2]?.slice(1)));
  const next = `v${Math.max(Number(major.slice(1)), ...taken) + 1}`;
  const from = `schemas/${domain}/${major}/${record.name}`;
  const to = `schemas/${domain}/${next}`;
  return [
    `Undo the change in ${major}, and copy ${from}.avsc and ${from}.meta.yaml to ${to}/.`,
    `In the copies: "namespace": "${record.namespace.replace(/v\d+$/, next)}", topic: ${meta.topic.replace(/v\d+$/, next)}, and the change.`,
    `In apps/${meta.owner}/asyncapi.yaml: a channel and a send operation for it, beside those of ${major}.`,
    'Run npm run generate and npx contracts release.',
    `Publish both from the same transaction until the last consumer of ${major} has moved.`,
  ];
}
