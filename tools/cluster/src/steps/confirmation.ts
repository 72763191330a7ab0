import { setTimeout as sleep } from 'node:timers/promises';
import { type Application, applications, confirmDeletion, endSync, isGreen, ROOT } from '../application.ts';
import { kubectl, list } from '../kubectl.ts';
import { until, untilGreen } from '../wait.ts';
import { settled } from './settled.ts';
import type { Step, StepContext } from './step.ts';

const TOPIC = 'suite.passing.v1';
const NAMESPACE = 'suite-passing';
const TOPICS = 'kafka-topics';
const KAFKA = 'kafka-cluster';

/** How long nothing may be deleted. */
const HELD_SECONDS = 15;

export const confirmation: Step = {
  name: 'confirmation',
  title: 'where data are worth a question, topics, Kafka and namespaces go only when somebody confirms it',
  async run({ repository, note, timeoutSeconds }: StepContext) {
    await settled({ repository, timeoutSeconds });
    const problems: string[] = [];
    const held = async (what: string) => {
      await sleep(HELD_SECONDS * 1000);
      const there = await remains();
      for (const name of [what, KAFKA])
        if (!there.has(name)) problems.push(`${name} was deleted without a confirmation`);
    };

    // What staging and prod say, said here: their sizes are not what is tried.
    repository.edit('gitops/root/values-dev.yaml', (text) =>
      text.replace('confirmDeletion: false', 'confirmDeletion: true'),
    );
    repository.edit('gitops/envs/dev/kafka-topics/settings.yaml', (text) =>
      text.replace('confirmDeletion: false', 'confirmDeletion: true'),
    );
    repository.edit(
      'gitops/envs/dev/kafka-cluster/settings.yaml',
      (text) => `${text}profiles:\n  small:\n    confirmDeletion: true\n`,
    );
    const put = () => {
      repository.edit(TOPICS_FILE, (text) => text.replace('topics:\n', `topics:\n${ENTRY}`));
      repository.edit(ROOT_VALUES, (text) => text.replace('namespaces:\n', `namespaces:\n${LINE}`));
    };
    const take = () => {
      repository.edit(TOPICS_FILE, (text) => text.replace(ENTRY, ''));
      repository.edit(ROOT_VALUES, (text) => text.replace(LINE, ''));
    };
    put();
    const durable = await repository.commit(
      'Data that are worth a question, and a topic and a namespace more',
    );
    await untilGreen(durable, { timeoutSeconds });

    const uid = await uidOf(TOPIC);
    take();
    await repository.commit('Neither the topic nor the namespace, by mistake');
    note(`${TOPICS}: ${await waiting(TOPICS, TOPIC, timeoutSeconds)}`);
    put();
    const putBack = await repository.commit('Both of them, after all');
    await endSync(TOPICS);
    // Not all green: the sync that was ended is no success.
    await until(
      async () => {
        const root = (await applications()).get(ROOT);
        return root?.status?.sync?.revision === putBack && isGreen(root) ? true : undefined;
      },
      `${ROOT} is green at the commit that puts it back`,
      timeoutSeconds,
    );
    note('put back by a commit');
    if ((await uidOf(TOPIC)) !== uid) problems.push(`${TOPIC} was deleted though a commit put it back`);

    take();
    const without = await repository.commit('Neither the topic nor the namespace');
    note(`${TOPICS}: ${await waiting(TOPICS, TOPIC, timeoutSeconds)}`);
    await held(TOPIC);
    await confirmDeletion(TOPICS);
    note(`${ROOT}: ${await waiting(ROOT, NAMESPACE, timeoutSeconds)}`);
    await held(NAMESPACE);
    await confirmDeletion(ROOT);
    await untilGreen(without, { timeoutSeconds });
    const there = await remains();
    for (const name of [TOPIC, NAMESPACE])
      if (there.has(name)) problems.push(`${name} is there though it was confirmed`);

    await kubectl(['delete', 'application', ROOT, '--namespace', 'argocd', '--wait=false']);
    await held(TOPICS);
    for (const name of [ROOT, TOPICS, KAFKA]) {
      await until(
        async () => isBeingDeleted((await applications()).get(name)),
        `${name} is being deleted`,
        timeoutSeconds,
      );
      if (name !== ROOT) await held(name);
      await confirmDeletion(name);
      note(`deletion of ${name} confirmed`);
    }
    await until(
      async () => ((await applications()).has(ROOT) ? undefined : true),
      'all is gone',
      timeoutSeconds,
    );
    return {
      seen: 'a topic, a namespace, and the root with Kafka and all topics waited, and went when it was confirmed; what a commit put back stayed',
      problems,
    };
  },
};

const TOPICS_FILE = 'charts/kafka-topics/values.generated.yaml';
const ROOT_VALUES = 'gitops/root/values.yaml';
const LINE = `  ${NAMESPACE}: { podSecurity: restricted }\n`;
const ENTRY = `  - name: ${TOPIC}
    kind: event
    owner: store
    description: It comes and goes.
    partitions: 1
    config:
      cleanup.policy: delete
`;

/** Returns what the application says it waits for. */
function waiting(name: string, what: string, timeoutSeconds: number): Promise<string> {
  return until(
    async () => {
      const message = (await applications()).get(name)?.status?.operationState?.message;
      return message?.includes(what) === true ? message : undefined;
    },
    `${name} waits for the confirmation that ${what} may go`,
    timeoutSeconds,
  );
}

function isBeingDeleted(application: Application | undefined): true | undefined {
  return application?.metadata.deletionTimestamp === undefined ? undefined : true;
}

async function uidOf(topic: string): Promise<string | undefined> {
  const topics = await list('kafkatopics.kafka.strimzi.io', 'kafka');
  return topics.find(({ metadata }) => metadata.name === topic)?.metadata.uid;
}

/** The names of what may go by mistake, as far as it is there, and those of the applications whose objects are. */
async function remains(): Promise<Set<string>> {
  const topics = await list('kafkatopics.kafka.strimzi.io', 'kafka');
  const namespaces = await list('namespaces');
  const kafka = await list('kafkas.kafka.strimzi.io', 'kafka');
  return new Set([
    ...[...topics, ...namespaces].map(({ metadata }) => metadata.name),
    ...(topics.length > 0 ? [TOPICS] : []),
    ...(kafka.length > 0 ? [KAFKA] : []),
  ]);
}
