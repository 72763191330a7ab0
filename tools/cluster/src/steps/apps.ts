import { Cluster, judgeLoad, playGolden, SIMULATOR, startLoad } from '@eda/trial';
import { list } from '../kubectl.ts';
import { until, untilGreen } from '../wait.ts';
import { withPodAnnotation } from './pod-annotation.ts';
import { settled } from './settled.ts';
import type { Step, StepContext } from './step.ts';

const NAMESPACE = 'apps';

/** Who produces what the load causes, and who consumes it. */
const ROLLED = ['store', 'inventory'];

const GOLDEN_POD = 'suite-golden';
const LOAD_POD = 'suite-load';

/** Movements per second. */
const RATE = 50;

/** Longer than anything here may take; the load is stopped when all is done. */
const MOST_SECONDS = 24 * 3600;

export const apps: Step = {
  name: 'apps',
  title:
    'commits roll producer and consumer out, up and back under load: no request lost, no event lost or doubled',
  async run({ repository, note, timeoutSeconds }: StepContext) {
    const cluster = new Cluster({ namespace: NAMESPACE, givenSecrets: false });
    const good = await settled({ repository, timeoutSeconds });
    const image = await cluster.image(SIMULATOR);
    const golden = await playGolden(cluster, { name: GOLDEN_POD, image });
    note(`golden scenario: ${golden.seen}`);

    const times: string[] = [];
    const rollOut = async (what: string, commit: () => Promise<string>) => {
      const before = await podUids();
      const began = Date.now();
      const revision = await commit();
      await untilGreen(revision, { timeoutSeconds });
      const green = secondsSince(began);
      await until(
        async () => ([...(await podUids())].some((uid) => before.has(uid)) ? undefined : true),
        `the pods of ${ROLLED.join(' and ')} from before have ended`,
        timeoutSeconds,
      );
      times.push(`${what} green after ${green}`);
      note(`${times.at(-1) ?? ''}, pods from before gone after ${secondsSince(began)}`);
    };

    const load = await startLoad(cluster, { name: LOAD_POD, image, rate: RATE, seconds: MOST_SECONDS });
    try {
      await rollOut('two of each', () => {
        for (const app of ROLLED) {
          repository.edit(settingsOf(app), (text) => withPodAnnotation(text, `apps ${good.slice(0, 7)}`));
          repository.edit(replicasOf(app), (text) => text.replace(/^replicas: 1$/m, 'replicas: 2'));
        }
        return repository.commit('Producer and consumer: new pods, two of each');
      });
      const pods = await Promise.all(ROLLED.map(async (app) => (await cluster.pods(app)).length));
      await rollOut('back to one of each', async () => {
        await repository.restore(good);
        return repository.commit('Producer and consumer as before');
      });
      const verdict = judgeLoad(await load.stop());
      return {
        seen: `${verdict.seen}; ${times.join(', ')}`,
        problems: [
          ...golden.problems,
          ...verdict.problems,
          ...(pods.every((count) => count === 2)
            ? []
            : [`${pods.join(' and ')} pods of ${ROLLED.join(' and ')}`]),
        ],
      };
    } finally {
      await cluster.remove('pod', LOAD_POD);
    }
  },
};

const settingsOf = (app: string) => `gitops/envs/dev/${app}/settings.yaml`;
const replicasOf = (app: string) => `gitops/envs/dev/${app}/replicas.yaml`;

/** Of the pods that are rolled, those that are ending too. */
async function podUids(): Promise<Set<string>> {
  const pods = await list('pods', NAMESPACE);
  const rolled = pods.filter(({ metadata }) =>
    ROLLED.includes(metadata.labels?.['app.kubernetes.io/name'] ?? ''),
  );
  return new Set(rolled.map(({ metadata }) => metadata.uid));
}

function secondsSince(began: number): string {
  return `${Math.round((Date.now() - began) / 1000)} s`;
}
