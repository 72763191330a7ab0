/**
 * The producer under test: publishes the events of a run at a steady rate and keeps a journal. It goes on where the journal
 * of an earlier life ends. SIGTERM ends it in order: what was accepted is decided, nothing more is published.
 */
import { existsSync } from 'node:fs';
import { BufferExhausted, Closed, DeliveryUnknown, NotSent } from '@eda/kafka';
import { pino } from 'pino';
import { codecFor } from '../fault-contract.ts';
import { openJournal, readJournal } from '../journal.ts';
import { generateLoad, type LoadEvent, type LoadOptions } from '../load.ts';
import { createRandom } from '../random.ts';
import { createKeyOrder } from './key-order.ts';
import { createLossySockets } from './lossy-sockets.ts';
import { listen, settingsText, tell } from './program.ts';
import { createTransport, type TransportKind } from './transport.ts';

export interface ProducerSettings extends LoadOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly databaseUrl: string;
  readonly journal: string;
  readonly log: string;
  readonly transport: TransportKind;
  /** Events per second. */
  readonly rate: number;
  /** Events beyond this number wait for the runner's word. */
  readonly allowed: number;
  /** Events that may be open at the same time; beyond it the program waits. */
  readonly maxOpen: number;
  readonly bufferRecords: number;
  readonly deliveryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Events go as Avro, with the ids of this registry. */
  readonly registryUrl?: string;
  /** Answers of brokers to lose: how many, and how likely each is. */
  readonly loseAnswers?: { readonly count: number; readonly share: number };
}

const TICK_MS = 10;
const TELL_EVERY_MS = 200;

const settings = JSON.parse(settingsText()) as ProducerSettings;
const logger = pino({ level: 'info' }, pino.destination({ dest: settings.log, sync: true }));
const load = generateLoad(settings);
const random = createRandom(settings.seed + 1);
const lossy =
  settings.loseAnswers &&
  createLossySockets(settings.loseAnswers.count, () => random() < (settings.loseAnswers?.share ?? 0));
let allowed = settings.allowed;
const stopping = new AbortController();
listen(([command, value]) => {
  if (command === 'allow') allowed = Number(value);
});
process.on('SIGTERM', () => {
  stopping.abort();
});
const codec = await codecFor(settings.topic, settings.registryUrl, () => tell({ waiting: true }));
const begun = existsSync(settings.journal) ? lastOf(settings.journal) + 1 : 0;
const journal = openJournal(settings.journal);
const transport = await createTransport({
  ...settings,
  kind: settings.transport,
  codec,
  socketFactory: lossy?.socketFactory,
  logger,
});
const mayGoTwice = settings.transport === 'library';
let acked = 0;
let next = begun;
let mostOpen = 0;

const order = createKeyOrder(async (events) => {
  journal.intend(events.map(({ n }) => n));
  const results = await transport.send(events);
  const again: LoadEvent[] = [];
  results.forEach((result, index) => {
    const event = events[index];
    if (event === undefined) return;
    if (result.status === 'fulfilled') {
      acked += 1;
      journal.acknowledge(event.n, result.value?.partition ?? -1, result.value?.offset ?? -1n);
      return;
    }
    const { reason } = result as { reason: unknown };
    const code = reason instanceof Error ? reason.name : String(reason);
    const surelyNot =
      reason instanceof BufferExhausted || reason instanceof NotSent || reason instanceof Closed;
    if (surelyNot) journal.reject(event.n, code);
    else journal.doubt(event.n, code);
    if (mayGoTwice && !(reason instanceof Closed) && (surelyNot || reason instanceof DeliveryUnknown))
      again.push(event);
  });
  return stopping.signal.aborted ? [] : again;
});

const status = () => ({ intended: next, acked, open: order.open, mostOpen, lost: lossy?.lost ?? 0 });

tell({ ready: true, ...status() });

let tokens = 0;
let at = performance.now();
let toldAt = at;
while (!stopping.signal.aborted && next < settings.events) {
  await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  const now = performance.now();
  // A tenth of a second may be caught up, not more: a stall must not end in a burst.
  tokens = Math.min(tokens + ((now - at) * settings.rate) / 1000, Math.max(1, settings.rate / 10));
  at = now;
  const room = Math.min(
    Math.floor(tokens),
    settings.maxOpen - order.open,
    Math.min(allowed, settings.events) - next,
  );
  if (room > 0) {
    tokens -= room;
    order.offer(load.slice(next, next + room));
    next += room;
    mostOpen = Math.max(mostOpen, order.open);
  }
  if (now - toldAt > TELL_EVERY_MS) {
    toldAt = now;
    tell(status());
  }
}
// Told to stop: what was accepted is decided by closing. Otherwise every event has to get its answer, however often it is sent.
const reporter = setInterval(() => tell(status()), TELL_EVERY_MS);
while (order.open > 0 && !stopping.signal.aborted)
  await Promise.race([order.idle(), new Promise((resolve) => setTimeout(resolve, 100))]);
await transport.close();
await order.idle();
clearInterval(reporter);
journal.close();
tell({ done: true, ...status() });
process.exit(0);

/** The last event that an earlier life has intended; -1 when there is none. */
function lastOf(file: string): number {
  let last = -1;
  for (const event of readJournal(file).entries.keys()) last = Math.max(last, event);
  return last;
}
