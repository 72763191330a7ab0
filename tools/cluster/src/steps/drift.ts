import { kubectl, list, type LiveObject } from '../kubectl.ts';
import { until, untilGreen } from '../wait.ts';
import { settled } from './settled.ts';
import type { Step, StepContext } from './step.ts';

const TOPIC = 'retail.stock-moved.v1';

interface Scaled extends LiveObject {
  readonly spec: { readonly replicas: number };
}

interface Topic extends LiveObject {
  readonly spec: { readonly config: Readonly<Record<string, unknown>> };
}

/** What is done behind Argo CD's back, and how to see that it was put right. */
const DRIFTS: {
  readonly what: string;
  readonly make: () => Promise<unknown>;
  readonly healed: () => Promise<boolean>;
}[] = [
  {
    what: 'a Deployment that is deleted',
    make: () => kubectl(['delete', 'deployment', 'store', '--namespace', 'apps']),
    healed: async () => (await deployment('store')) !== undefined,
  },
  {
    what: 'a topic that is edited',
    make: () =>
      kubectl([
        'patch',
        'kafkatopic',
        TOPIC,
        '--namespace',
        'kafka',
        '--type',
        'merge',
        '--patch',
        JSON.stringify({ spec: { config: { 'retention.ms': '1' } } }),
      ]),
    healed: async () => {
      const topics = await list<Topic>('kafkatopics.kafka.strimzi.io', 'kafka');
      return topics.find(({ metadata }) => metadata.name === TOPIC)?.spec.config['retention.ms'] !== '1';
    },
  },
  {
    what: 'an app that is scaled',
    make: () => kubectl(['scale', 'deployment', 'inventory', '--namespace', 'apps', '--replicas', '5']),
    healed: async () => (await deployment('inventory'))?.spec.replicas !== 5,
  },
];

export const drift: Step = {
  name: 'drift',
  title: 'what somebody changes by hand is put right',
  async run({ repository, note, timeoutSeconds }: StepContext) {
    const revision = await settled({ repository, timeoutSeconds });
    const took: string[] = [];
    for (const { what, make, healed } of DRIFTS) {
      await make();
      const began = Date.now();
      await until(async () => ((await healed()) ? true : undefined), `${what} is put right`, timeoutSeconds);
      took.push(`${what} ${((Date.now() - began) / 1000).toFixed(1)} s`);
      note(took.at(-1) ?? '');
    }
    await untilGreen(revision, { timeoutSeconds });
    return { seen: took.join(', '), problems: [] };
  },
};

async function deployment(name: string): Promise<Scaled | undefined> {
  return (await list<Scaled>('deployments.apps', 'apps')).find(({ metadata }) => metadata.name === name);
}
