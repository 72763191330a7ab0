import { setTimeout as sleep } from 'node:timers/promises';
import { type Application, applications, needsOf, ROOT, targetOf } from '../application.ts';
import { ClusterError } from '../errors.ts';
import { until, untilGreen } from '../wait.ts';
import { withPodAnnotation } from './pod-annotation.ts';
import { settled } from './settled.ts';
import type { Step, StepContext } from './step.ts';

const SETTINGS = 'gitops/envs/dev/kafka-topics/settings.yaml';
const TEMPLATE = 'charts/kafka-topics/templates/kafka-topic.yaml';
const TOPIC = 'retail.stock-moved.v1';
const APPLICATION = 'kafka-topics';

/** How long the dependants are watched while the topic fails. */
const HELD_SECONDS = 20;

export const failingTopic: Step = {
  name: 'failing-topic',
  title: 'a topic that cannot be made holds back what needs it, is named, and a commit mends it',
  async run({ repository, simulated, note, timeoutSeconds }: StepContext) {
    const good = await settled({ repository, timeoutSeconds });

    const settings =
      '# More copies than there are brokers.\ncluster:\n  brokers: 9\nreplicas: 9\nminInSyncReplicas: 1\nconfirmDeletion: false\n';
    repository.edit(SETTINGS, () => settings);
    if (simulated) repository.edit(TEMPLATE, failTopic);
    // Something that the dependants would roll out, were they let.
    repository.edit('gitops/envs/dev/inventory/settings.yaml', (text) => withPodAnnotation(text, 'broken'));
    const bad = await repository.commit('A topic with more copies than brokers');
    const reason = await until(
      async () => {
        const { status } = (await applications()).get(ROOT) ?? {};
        const results = status?.operationState?.syncResult?.resources ?? [];
        return [status?.operationState?.message, ...results.map(({ message }) => message)].find((text) =>
          text?.includes(TOPIC),
        );
      },
      `the root's message names ${TOPIC}`,
      timeoutSeconds,
    );
    note(`root: ${reason}`);
    await sleep(HELD_SECONDS * 1000);
    const all = await applications();
    const problems = [
      ...[...all].flatMap(([name, application]) =>
        heldBack(name, application, { bad, dependants: dependants(all) }),
      ),
      ...(all.get(APPLICATION)?.status?.health?.status === 'Degraded'
        ? []
        : [`${APPLICATION} is not Degraded`]),
    ];

    const began = Date.now();
    await repository.restore(good);
    const mended = await repository.commit('As many copies as brokers');
    await untilGreen(mended, { note, timeoutSeconds });
    return {
      seen: `${dependants(all).size} applications waited for ${APPLICATION}; ${Math.round((Date.now() - began) / 1000)} s after the repair all were green`,
      problems,
    };
  },
};

function failTopic(template: string): string {
  const at = '  annotations:\n';
  if (!template.includes(at)) throw new ClusterError(`${TEMPLATE} has no annotations to add to`);
  return template.replace(
    at,
    `${at}    {{- if eq $topic.name "${TOPIC}" }}\n    eda.test/fail: Replication factor is larger than the number of brokers\n    {{- end }}\n`,
  );
}

/** Who needs the topics, directly or through others. */
function dependants(all: ReadonlyMap<string, Application>): Set<string> {
  const found = new Set<string>();
  const queue = [APPLICATION];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const [name, application] of all) {
      if (found.has(name) || !needsOf(application).includes(next)) continue;
      found.add(name);
      queue.push(name);
    }
  }
  return found;
}

function heldBack(
  name: string,
  application: Application,
  { bad, dependants: waiting }: { bad: string; dependants: ReadonlySet<string> },
): string[] {
  if (!waiting.has(name)) return [];
  return targetOf(application) === bad
    ? [`${name} was given the broken commit, though ${APPLICATION} fails`]
    : [];
}
