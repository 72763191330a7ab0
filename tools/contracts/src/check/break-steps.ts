import { posix } from 'node:path';
import type { EventModel } from '../contract-model.ts';

/** Returns how to publish a change that nobody can read with the old version: a sentence with each step. */
export function stepsToNextMajor({ record, meta }: EventModel, events: readonly EventModel[]): string {
  const [, domain = '', major = ''] = record.file.split('/');
  const taken = events
    .filter((event) => event.record.name === record.name && event.record.file.split('/')[1] === domain)
    .map((event) => Number(event.record.file.split('/')[2]?.slice(1)));
  const next = `v${Math.max(Number(major.slice(1)), ...taken) + 1}`;
  const from = `schemas/${domain}/${major}/${record.name}`;
  const namespace = record.namespace.replace(/v\d+$/, next);
  const topic = meta.topic.replace(/v\d+$/, next);
  return (
    `If the break is meant, it is a new event beside this one: undo the change here, copy ${from}.avsc and .meta.yaml to ` +
    `${posix.join('schemas', domain, next)}/, write there "namespace": "${namespace}" and topic: ${topic}, add a channel and a ` +
    `send operation for it to apps/${meta.owner}/asyncapi.yaml, run npm run generate, and publish both until the last ` +
    'consumer has moved.'
  );
}
