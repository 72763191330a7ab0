/** All that the console knows, and when it tells the pages: changes ten times a second, the pulse every second. */
import { createDeadLetters } from './dead-letters.ts';
import type { DeadLetters } from './dead-letters.ts';
import { createEventStream } from './event-stream.ts';
import type { EventStream } from './event-stream.ts';
import type { HealthProbe } from './health-probe.ts';
import type { LagMonitor } from './lag.ts';
import { createLiveEvents } from './live-events.ts';
import type { LiveEvents } from './live-events.ts';
import type { FeedStatus, Tick, Topology } from './messages.ts';
import { createStockView } from './stock-view.ts';
import type { StockView } from './stock-view.ts';

const KEPT_EVENTS = 500;
const KEPT_TICKS = 300;
/** More events in a tenth of a second nobody can read; the rates count them all. */
const EVENTS_PER_MESSAGE = 60;
const STOCK_PAGE = 300;
export const DEAD_LETTER_PAGE = 200;

const FLUSH_MS = 100;
const TICK_MS = 1000;
const PROBE_MS = 2500;

export interface ConsoleState {
  readonly events: LiveEvents;
  readonly stock: StockView;
  readonly deadLetters: DeadLetters;
  readonly stream: EventStream;
  readonly topology: Topology;
  /** Says how the console's own reading goes. */
  setFeed(feed: FeedStatus): void;
  /** Tells the pages about dead letters at the next flush. */
  deadLettersChanged(): void;
  /** Begins to tell the pages and to ask the parts how they are. */
  start(): void;
  /** Ends that, and every page's connection. */
  stop(): void;
}

export interface ConsoleStateOptions {
  readonly topology: Topology;
  readonly health: HealthProbe;
  readonly lag: LagMonitor;
}

/** Returns a state that knows the topology and nothing else yet. */
export function createConsoleState({ topology, health, lag }: ConsoleStateOptions): ConsoleState {
  const events = createLiveEvents(KEPT_EVENTS);
  const stock = createStockView();
  const deadLetters = createDeadLetters();
  let feed: FeedStatus = { state: 'connecting', detail: 'Waiting for Kafka.' };
  let ticks: Tick[] = [];
  let lettersChanged = false;
  let told = '';
  const timers: NodeJS.Timeout[] = [];

  const flush = (): void => {
    const arrived = events.takeArrived(EVENTS_PER_MESSAGE);
    if (arrived) stream.publish('events', arrived);
    const change = stock.takeChange();
    if (change) stream.publish('stock', change);
    if (lettersChanged) stream.publish('deadLetters', deadLetters.page(DEAD_LETTER_PAGE));
    lettersChanged = false;
  };

  const tellStatus = (): void => {
    const status = { feed, health: health.current() };
    const text = JSON.stringify(status);
    if (text === told) return;
    told = text;
    stream.publish('status', status);
  };

  const stream = createEventStream({
    snapshot() {
      flush();
      return {
        topology,
        feed,
        health: health.current(),
        events: events.recent(),
        stock: stock.page(STOCK_PAGE),
        deadLetters: deadLetters.page(DEAD_LETTER_PAGE),
        ticks,
      };
    },
  });

  const tick = (): void => {
    flush();
    const now: Tick = { time: Date.now(), counts: events.takeCounts(), lag: lag.current() };
    ticks = [...ticks.slice(1 - KEPT_TICKS), now];
    stream.publish('tick', now);
  };

  /** One round after the other, so that a slow answer never piles up questions. */
  const probe = async (): Promise<void> => {
    await Promise.all([health.refresh().then(tellStatus), lag.refresh()]);
  };

  return {
    events,
    stock,
    deadLetters,
    stream,
    topology,
    setFeed(next) {
      feed = next;
      tellStatus();
    },
    deadLettersChanged: () => (lettersChanged = true),
    start() {
      timers.push(setInterval(flush, FLUSH_MS), setInterval(tick, TICK_MS), every(PROBE_MS, probe));
    },
    stop() {
      timers.forEach((timer) => clearInterval(timer));
      stream.close();
    },
  };
}

/** Runs `work` now and then every `periodMs`, leaving out what would overlap. */
function every(periodMs: number, work: () => Promise<void>): NodeJS.Timeout {
  let running = false;
  const run = (): void => {
    if (running) return;
    running = true;
    void work().finally(() => (running = false));
  };
  run();
  return setInterval(run, periodMs);
}
