/** The drawing of the system: apps, topics, arrows, and events that travel along them. */
import { html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import type { HealthState, LiveEvent, Topology } from '../messages.ts';
import { travel } from './flow-animation.ts';
import { compact, count, plural, topicName } from './format.ts';
import { Panel } from './panel.ts';
import type { Happening } from './store.ts';
import { appId, placeTopology, topicId } from './topology-layout.ts';
import type { PlacedEdge, PlacedNode, PlacedTopology } from './topology-layout.ts';

/** Rates are shown as the mean of this many seconds: calm numbers. */
const RATE_SECONDS = 5;
const HEALTH_WORDS: Readonly<Record<HealthState, string>> = {
  up: 'up',
  degraded: 'not ready',
  down: 'down',
  unknown: 'not known yet',
};

/** A layout and what it was made for. */
interface Placed {
  readonly topology: Topology;
  readonly narrow: boolean;
  readonly observers: boolean;
  readonly value: PlacedTopology;
}

class TopologyPanel extends Panel {
  protected readonly drawnAfter = ['status', 'tick', 'deadLetters'] as const;
  private readonly narrow = matchMedia('(max-width: 700px)');
  private observers = false;
  private placed: Placed | undefined;
  private waiting = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.narrow.addEventListener('change', () => this.requestUpdate());
  }

  protected override happened(happening: Happening): void {
    if (happening.name === 'events')
      lastOfEach(happening.data.events).forEach((event) => this.showPassage(event));
    if (happening.name === 'snapshot') this.waiting = happening.data.deadLetters.waiting;
    if (happening.name === 'deadLetters') {
      if (happening.data.waiting > this.waiting) {
        const newest = happening.data.letters[0];
        if (newest) this.flow(appId(newest.group), topicId(newest.topic), 'dead-letter');
      }
      this.waiting = happening.data.waiting;
    }
  }

  override render(): TemplateResult {
    return html`
      <section class="panel" aria-labelledby="topology-title">
        <header class="panel-head">
          <h2 id="topology-title">Topology</h2>
          <p class="hint">Drawn from the contracts. Every dot is an event.</p>
          <label class="check">
            <input type="checkbox" .checked=${this.observers} @change=${this.toggleObservers} />
            Show observers
          </label>
        </header>
        ${
          this.page.topology === undefined
            ? html`<p class="empty">The drawing appears when the console answers.</p>`
            : this.drawing(this.layout(this.page.topology))
        }
      </section>
    `;
  }

  private readonly toggleObservers = (event: Event): void => {
    this.observers = (event.target as HTMLInputElement).checked;
    this.requestUpdate();
  };

  private layout(topology: Topology): PlacedTopology {
    const narrow = this.narrow.matches;
    const { placed, observers } = this;
    if (placed?.topology === topology && placed.narrow === narrow && placed.observers === observers)
      return placed.value;
    // A phone has no room for dead letters; the legend and their own panel tell of them.
    const options = { direction: narrow ? 'TB' : 'LR', observers, deadLetters: !narrow } as const;
    const value = placeTopology(topology, options);
    this.placed = { topology, narrow, observers, value };
    return value;
  }

  private drawing({ width, height, nodes, edges }: PlacedTopology): TemplateResult {
    return html`
      <div class="topology-scroll" tabindex="0" role="region" aria-labelledby="topology-title">
        <svg class="topology" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="group">
          <title>Apps, topics and who sends and receives</title>
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0.5 L7.5 4 L0 7.5 z" />
            </marker>
          </defs>
          <g>${edges.map((edge) => this.edge(edge))}</g>
          <g class="dots"></g>
          <g>${nodes.map((node) => this.node(node))}</g>
        </svg>
      </div>
      ${this.legend()}
    `;
  }

  private edge({ id, kind, path }: PlacedEdge): TemplateResult {
    return svg`<path class="edge ${kind}" data-edge=${id} d=${path} marker-end="url(#arrow)"></path>`;
  }

  private node(node: PlacedNode): TemplateResult {
    const { id, x, y, width, height } = node;
    return svg`
      <g class="node" data-node=${id} transform="translate(${x - width / 2} ${y - height / 2})">
        ${node.app ? this.appNode(node) : this.topicNode(node)}
      </g>`;
  }

  private appNode({ app, width, height }: PlacedNode): TemplateResult {
    if (!app) return svg``;
    const part = this.page.health.find((candidate) => candidate.name === app.name);
    const state = part?.state ?? 'unknown';
    const lag = app.group === undefined ? undefined : this.page.ticks.at(-1)?.lag[app.group];
    const line = lag === undefined ? ROLE_WORDS[app.role] : `${compact(lag)} behind`;
    const health = part ? `, ${HEALTH_WORDS[state]}${part.state === 'up' ? '' : `: ${part.detail}`}` : '';
    return svg`
      <g role="img" aria-label="App ${app.name}${health}${lag === undefined ? '' : `, ${count(lag)} records behind`}">
        <title>${app.title}: ${app.description}</title>
        <rect class="app" width=${width} height=${height} rx="12"></rect>
        ${part ? svg`<circle class="health-dot ${state}" cx="20" cy=${height / 2 - 9} r="5"></circle>` : nothing}
        <text class="node-title" x=${part ? 32 : 14} y=${height / 2 - 4}>${app.name}</text>
        <text class="node-line ${lag !== undefined && lag > 0 ? 'behind' : ''}" x="14" y=${height / 2 + 16}>${line}</text>
      </g>`;
  }

  private topicNode({ topic, width, height }: PlacedNode): TemplateResult {
    if (!topic) return svg``;
    const { title, context } = topicName(topic.name);
    const rate = this.rate(topic.name);
    const waiting = this.page.deadLetters.letters.filter(
      (letter) => letter.topic === topic.name && letter.redrivenAt === undefined,
    ).length;
    const line =
      topic.kind === 'dead-letter' ? (waiting === 0 ? 'empty' : `${count(waiting)} waiting`) : rate;
    const cap = 9;
    return svg`
      <g role="img" aria-label="Topic ${topic.name}, ${KIND_WORDS[topic.kind]}, ${line}"
         class="topic ${topic.kind} ${waiting > 0 ? 'waiting' : ''}">
        <title>${topic.name}: ${topic.description}</title>
        <path class="pipe" d="M ${cap} 0 H ${width - cap} A ${cap} ${height / 2} 0 0 1 ${width - cap} ${height} H ${cap}
          A ${cap} ${height / 2} 0 0 1 ${cap} 0 z"></path>
        <path class="pipe-end" d="M ${width - cap} 0 A ${cap} ${height / 2} 0 0 0 ${width - cap} ${height}"></path>
        <text class="node-title" x="16" y=${height / 2 - 4}>${title}</text>
        <text class="node-line" x="16" y=${height / 2 + 14}>${line}</text>
        <text class="node-context" x=${width - 24} y=${height / 2 + 14}>${context}</text>
      </g>`;
  }

  private rate(topic: string): string {
    const ticks = this.page.ticks.slice(-RATE_SECONDS);
    if (ticks.length === 0) return 'waiting';
    const records = ticks.reduce((sum, tick) => sum + (tick.counts[topic] ?? 0), 0);
    const perSecond = records / ticks.length;
    if (perSecond === 0) return 'quiet';
    return `${perSecond < 10 ? perSecond.toFixed(1) : compact(Math.round(perSecond))} /s`;
  }

  private legend(): TemplateResult {
    const { waiting } = this.page.deadLetters;
    return html`
      <ul class="legend" aria-label="Legend">
        <li><span class="swatch app" aria-hidden="true"></span>app</li>
        <li><span class="swatch event" aria-hidden="true"></span>event topic</li>
        <li><span class="swatch state" aria-hidden="true"></span>state topic, compacted</li>
        <li>
          <span class="swatch dead-letter" aria-hidden="true"></span>dead letters
          ${waiting > 0 ? html`<a href="#dead-letters">${plural(waiting, 'waits', 'wait')}</a>` : nothing}
        </li>
        <li><span class="swatch calls" aria-hidden="true"></span>HTTP call</li>
      </ul>
    `;
  }

  /** From the app that sent the event into the topic, then on to everybody who reads it. */
  private showPassage(event: LiveEvent): void {
    const topology = this.page.topology;
    const topic = topology?.topics.find((candidate) => candidate.name === event.topic);
    if (!topology || !topic) return;
    const senders = topology.flows.filter(
      (flow) => flow.topic === event.topic && flow.direction === 'sends' && !flow.aside,
    );
    const source = event.event?.source.split('/').at(-1);
    const sender = senders.find((flow) => flow.app === source) ?? senders[0];
    const kind = event.event ? topic.kind : 'dead-letter';
    const onward = (): void => {
      for (const flow of topology.flows) {
        if (flow.topic === event.topic && flow.direction === 'receives') {
          this.flow(topicId(flow.topic), appId(flow.app), kind);
        }
      }
    };
    if (sender) this.flow(appId(sender.app), topicId(event.topic), kind, onward);
    else onward();
  }

  private flow(from: string, to: string, kind: string, done?: () => void): void {
    const path = this.querySelector<SVGPathElement>(`[data-edge="${CSS.escape(`${from}>${to}`)}"]`);
    const layer = this.querySelector<SVGGElement>('.dots');
    if (path && layer) travel(layer, path, kind, done);
  }
}

/** A few events of every topic: a flood of one must not hide the others. */
function lastOfEach(events: readonly LiveEvent[]): LiveEvent[] {
  const byTopic = Map.groupBy(events, (event) => event.topic);
  return [...byTopic.values()].flatMap((some) => some.slice(-3));
}

const ROLE_WORDS = {
  driver: 'drives the others',
  producer: 'producer',
  processor: 'processor',
  consumer: 'consumer',
  observer: 'looks on',
} as const;
const KIND_WORDS = {
  event: 'events',
  state: 'state, compacted',
  retry: 'waiting for another try',
  'dead-letter': 'dead letters',
} as const;

customElements.define('topology-panel', TopologyPanel);
