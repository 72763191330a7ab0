/** Programs with a known fault in them. A matrix that passes them proves nothing: the test suite demands that each is caught. */
import type { Question } from './oracle.ts';
import type { Row } from './row.ts';
import type { RowBench } from './row-bench.ts';
import type { Mutation } from './programs/consumer-mutant.ts';

export interface Mutant extends Row {
  /** What the oracle must say no to. */
  readonly breaks: Question;
}

/** Kills a consumer in the middle of a batch and lets another one go on. */
async function killAmidBatch(bench: RowBench, mutant: Mutation): Promise<void> {
  const producer = await bench.startProducer({ rate: 5000 });
  await bench.finish(producer);
  const victim = bench.startConsumer({ mutant, workMs: 5 });
  await victim.until('it is in the middle of a batch', ({ consumed }) => Number(consumed) >= 20);
  await victim.kill();
  const successor = bench.startConsumer({ mutant });
  await successor.until('it has joined', ({ ready }) => ready === true);
}

export const commitFirst: Mutant = {
  number: 0,
  name: 'commit-first',
  title: 'the offset is committed before the effect',
  expected: 'the batch at work is lost with the process',
  breaks: 'O2',
  run: (bench) => killAmidBatch(bench, 'commit-first'),
};

export const noInbox: Mutant = {
  number: 0,
  name: 'no-inbox',
  title: 'nothing knows a repeat',
  expected: 'the batch at work has its effects again',
  breaks: 'O3',
  run: (bench) => killAmidBatch(bench, 'no-inbox'),
};

export const multiPartition: Mutant = {
  number: 0,
  name: 'multi-partition',
  title: 'the bare client sends over several partitions at once while leaders move',
  expected: 'a partition that moves to a broker which has answered is never sent',
  breaks: 'O1',
  async run(bench) {
    await bench.startConsumers(1);
    const producer = await bench.startProducer({ transport: 'multi-partition', allowed: bench.scale.events });
    let moves = 0;
    while (producer.status['done'] !== true) {
      moves += await bench.control.moveLeaders(bench.topic);
      await Promise.race([
        producer.exit,
        new Promise((resolve) => setTimeout(resolve, 300 + 400 * bench.random())),
      ]);
    }
    bench.measure({ name: 'leaders moved', value: moves, unit: '' });
    await bench.finish(producer);
  },
};

export const MUTANTS: readonly Mutant[] = [commitFirst, noInbox, multiPartition];
