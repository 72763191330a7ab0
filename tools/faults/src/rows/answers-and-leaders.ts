/** Rows in which brokers fail or move and answers are lost. */
import { execFileSync } from 'node:child_process';
import type { Extent } from '../extent.ts';
import { readJournal } from '../journal.ts';
import type { Row } from '../row.ts';
import { PARTITIONS, type RowBench } from '../row-bench.ts';

/** The broker that leads one of the topic's partitions, by the seed of the run. */
function anyLeader({ control, topic, random }: RowBench) {
  return control.leaderOf(topic, Math.floor(random() * PARTITIONS));
}

const leaderKills = ({ times }: Extent) => times(10_000, 3, 10);

export const leaderKill: Row = {
  number: 1,
  name: '1',
  title: 'leader killed under load, the controller too',
  expected: 'publishing stalls and resumes; nothing is written twice',
  produceBudgetMs: 20_000,
  effectBudgetMs: 30_000,
  underLoadSeconds: (extent) => 14 * leaderKills(extent),
  async run(bench) {
    const { cluster, control, topic } = bench;
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    let kills = 0;
    let controllers = 0;
    await bench.during(producer, leaderKills(bench), async (index) => {
      const leader = await anyLeader(bench);
      const controller = index % 3 === 1 ? cluster.controller : undefined;
      bench.note(`kill broker ${leader.id}${controller ? ' and the controller' : ''}`);
      await Promise.all([leader.kill(), controller?.kill()]);
      kills += 1;
      controllers += controller ? 1 : 0;
      await controller?.start();
      await leader.start();
      await control.inSync(topic);
    });
    await bench.finish(producer);
    bench.measure({ name: 'leaders killed', value: kills, unit: '', least: 3 });
    bench.measure({ name: 'controllers killed', value: controllers, unit: '', least: 1 });
  },
};

const answers = ({ times }: Extent) => times(100, 20, 1000);

export const lostAnswers: Row = {
  number: 3,
  name: '3',
  title: 'answers lost after the batch was appended',
  expected: 'the same batch is sent again and recognised; no other comes between',
  produceBudgetMs: 20_000,
  effectBudgetMs: 30_000,
  // Under a heavier load there are fewer and larger requests, and not enough answers to lose.
  underLoadSeconds: (extent) => answers(extent) / 10,
  async run(bench) {
    await bench.startConsumers(1);
    const count = answers(bench);
    const producer = await bench.startProducer({ loseAnswers: { count, share: 0.3 } });
    await bench.finish(producer);
    bench.measure({
      name: 'answers lost',
      value: Number(producer.status['lost']),
      unit: '',
      least: count / 4,
    });
  },
};

const moveRounds = ({ times }: Extent) => times(2000, 4, 50);

export const leaderMoves: Row = {
  number: 4,
  name: '4',
  title: 'leaders move while batches are on their way',
  expected: 'every partition gets what was published for it',
  produceBudgetMs: 5000,
  effectBudgetMs: 15_000,
  underLoadSeconds: (extent) => 1.5 * moveRounds(extent),
  async run(bench) {
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    let moves = 0;
    await bench.during(producer, moveRounds(bench), async () => {
      moves += await bench.control.moveLeaders(bench.topic);
      bench.note(`${moves} leaders moved`);
    });
    await bench.finish(producer);
    bench.measure({ name: 'leaders moved', value: moves, unit: '', least: 12 });
  },
};

export const rollingRestart: Row = {
  number: 2,
  name: '2',
  title: 'brokers restarted one after the other',
  expected: 'callers notice nothing but a short wait',
  produceBudgetMs: 20_000,
  effectBudgetMs: 30_000,
  underLoadSeconds: ({ times }) => 27 * times(30_000, 1, 3),
  async run(bench) {
    const { cluster, control, topic, scale } = bench;
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    const nodes = cluster.nodes;
    await bench.during(producer, bench.times(30_000, 1, 3) * nodes.length, async (index) => {
      const node = nodes[index % nodes.length];
      if (node === undefined) return;
      bench.note(`restart broker ${node.id}`);
      await node.stop();
      await node.start();
      await control.inSync(topic);
    });
    await bench.finish(producer);
    const refused = [...readJournal(bench.journal).refusals.values()].reduce((sum, count) => sum + count, 0);
    bench.measure({
      name: 'attempts refused, of 1,000',
      value: (1000 * refused) / scale.events,
      unit: '',
      budget: 1,
    });
  },
};

export const tooFewReplicas: Row = {
  number: 5,
  name: '5',
  title: 'two of three brokers down',
  expected: 'nothing is acknowledged, the buffer fills and refuses, all is delivered afterwards',
  effectBudgetMs: 150_000,
  underLoadSeconds: ({ outageMs }) => outageMs(10_000, 60_000) / 500,
  async run(bench) {
    const { cluster, control, topic, scale } = bench;
    const bufferRecords = Math.max(100, Math.min(5000, Math.round(scale.events / 10)));
    await bench.startConsumers(2);
    const producer = await bench.startProducer({ bufferRecords, deliveryTimeoutMs: 120_000 });
    await bench.reaches(producer, 0.2);
    const [first, second] = cluster.nodes;
    if (first === undefined || second === undefined) throw new Error('the cluster has no two brokers');
    await Promise.all([first.kill(), second.kill()]);
    const outage = bench.outageMs(10_000, 60_000);
    bench.note(`two brokers are down for ${outage / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, outage));
    await Promise.all([first.start(), second.start()]);
    await control.inSync(topic);
    const began = Date.now();
    await producer.until(
      'the backlog is gone',
      ({ open, done }) => done === true || Number(open) < bufferRecords / 4,
    );
    bench.measure({
      name: 'time until the backlog was gone',
      value: Date.now() - began,
      unit: 'ms',
      budget: 30_000,
    });
    await bench.finish(producer);
    const full = readJournal(bench.journal).refusals.get('BufferExhausted') ?? 0;
    bench.measure({ name: 'refusals of the full buffer', value: full, unit: '', least: 1 });
  },
};

export const pausedLeader: Row = {
  number: 6,
  name: '6',
  title: 'leader paused and continued (SIGSTOP, SIGCONT)',
  expected: 'another one leads meanwhile; what was acknowledged is not cut off when the first comes back',
  produceBudgetMs: 30_000,
  effectBudgetMs: 45_000,
  underLoadSeconds: ({ outageMs }) => outageMs(15_000, 45_000) / 600,
  async run(bench) {
    const { control, topic } = bench;
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    await bench.reaches(producer, 0.2);
    const leader = await anyLeader(bench);
    const pause = bench.outageMs(15_000, 45_000);
    bench.note(`pause broker ${leader.id} for ${pause / 1000} s`);
    leader.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, pause));
    leader.signal('SIGCONT');
    await bench.finish(producer);
    await control.inSync(topic);
  },
};

/** Longer than a request and the connection behind it may take, so that clients connect to brokers that hang. */
const hangMs = ({ outageMs }: Extent) => outageMs(45_000, 150_000);

export const pausedBrokers: Row = {
  number: 6,
  name: '6b',
  title: 'all brokers paused and continued (SIGSTOP, SIGCONT)',
  expected: 'connections are made and nobody answers; everybody waits, and goes on by itself',
  effectBudgetMs: (bench) => hangMs(bench) + 45_000,
  underLoadSeconds: (extent) => hangMs(extent) / 600,
  async run(bench) {
    const { cluster, control, topic } = bench;
    await bench.startConsumers(2);
    // Nothing is in doubt: what waits is acknowledged in the end.
    const producer = await bench.startProducer({ deliveryTimeoutMs: 300_000 });
    await bench.reaches(producer, 0.2);
    const pause = hangMs(bench);
    bench.note(`pause all brokers for ${pause / 1000} s`);
    for (const node of cluster.nodes) node.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, pause));
    for (const node of cluster.nodes) node.signal('SIGCONT');
    const acknowledged = Number(producer.status['acked']);
    const began = Date.now();
    await producer.until('batches are acknowledged again', ({ acked }) => Number(acked) > acknowledged);
    bench.measure({
      name: 'time until batches were acknowledged',
      value: Date.now() - began,
      unit: 'ms',
      budget: 30_000,
    });
    await bench.finish(producer);
    await control.inSync(topic);
  },
};

/** Within which a broker whose writes fail has to notice and end. */
const GIVES_UP_MS = 60_000;

export const fullDisk: Row = {
  number: 23,
  name: '23b',
  title: 'nothing can be written to the disk of a broker any more',
  expected:
    'it ends, others lead; what was acknowledged is on them, and it catches up when there is room again',
  produceBudgetMs: 30_000,
  effectBudgetMs: 45_000,
  underLoadSeconds: () => 15,
  async run(bench) {
    const { control, topic } = bench;
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    await bench.reaches(producer, 0.2);
    const leader = await anyLeader(bench);
    bench.note(`no room for broker ${leader.id}`);
    const began = Date.now();
    refuseWrites(leader.pid);
    while (leader.running && Date.now() - began < GIVES_UP_MS)
      await new Promise((resolve) => setTimeout(resolve, 50));
    bench.measure({
      name: 'time until the broker gave up',
      value: Date.now() - began,
      unit: 'ms',
      budget: GIVES_UP_MS,
    });
    await leader.kill();
    bench.note(`broker ${leader.id} starts again, with room`);
    await leader.start();
    await control.inSync(topic);
    await bench.finish(producer);
  },
};

/** Every write of the process to a file fails from now on, as it does on a disk without room; needs Linux, and no rights. */
function refuseWrites(pid: number): void {
  execFileSync('prlimit', ['--pid', String(pid), '--fsize=0']);
}

/** Producers and consumers look at the number of partitions once a minute: both must, and then there must be load. */
const MOVED_SECONDS = 100;

export const morePartitions: Row = {
  number: 20,
  name: '20',
  title: 'partitions added under load',
  expected:
    'new partitions are read from their start; keys may change their partition once, order holds within each',
  effectBudgetMs: 120_000,
  beside: true,
  underLoadSeconds: () => MOVED_SECONDS,
  async run(bench) {
    bench.repartitioned();
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    await bench.reaches(producer, 0.1);
    await bench.control.addPartitions(bench.topic, 24);
    bench.note('24 partitions now');
    await bench.finish(producer);
    const { entries } = readJournal(bench.journal);
    const moved = [...entries.values()].filter(({ partition = 0 }) => partition >= 12).length;
    bench.measure({
      name: 'events in new partitions',
      value: moved,
      unit: '',
      least: Math.ceil(bench.scale.events / 20),
    });
  },
};
