/** The live table of events: what happened just now, with filter, pause and details. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { LiveEvent } from '../messages.ts';
import type { EventDetails } from './event-details.ts';
import { matches } from './event-filter.ts';
import { clock, count, milliseconds, oneLine, shortType, topicName } from './format.ts';
import { Panel } from './panel.ts';

const SHOWN_ROWS = 50;
/** From this many records per second on, rows come without a flash: it would be a flicker. */
const BUSY_RATE = 40;

class EventsPanel extends Panel {
  protected readonly drawnAfter = ['events'] as const;
  private words = '';
  private topic = '';
  /** What is shown while paused. */
  private held: readonly LiveEvent[] | undefined;

  override render(): TemplateResult {
    const { topology, events, skipped } = this.page;
    const source = this.held ?? events;
    const found = source.filter((event) => matches(event, this.words, this.topic));
    const rows = found.slice(-SHOWN_ROWS).toReversed();
    const newer = this.held
      ? events.length - 1 - events.findLastIndex((e) => e.at === this.held?.at(-1)?.at)
      : 0;
    const topics = topology?.topics.filter((topic) => topic.kind !== 'dead-letter') ?? [];
    return html`
      <section class="panel events" aria-labelledby="events-title">
        <header class="panel-head">
          <h2 id="events-title">Live events</h2>
          <p class="hint" data-shown=${found.length}>
            ${this.summary(found.length, source.length, newer, skipped)}
          </p>
          <div class="controls">
            <label class="visually-hidden" for="events-filter">Filter events</label>
            <input
              id="events-filter"
              type="search"
              placeholder="Filter: words, key, correlation id"
              autocomplete="off"
              spellcheck="false"
              .value=${this.words}
              @input=${this.setWords}
            />
            <label class="visually-hidden" for="events-topic">Topic</label>
            <select id="events-topic" @change=${this.setTopic}>
              <option value="">all topics</option>
              ${topics.map((topic) => html`<option value=${topic.name}>${topicName(topic.name).title}</option>`)}
            </select>
            <button type="button" aria-pressed=${this.held ? 'true' : 'false'} @click=${this.togglePause}>
              ${this.held ? 'Resume' : 'Pause'}
            </button>
          </div>
        </header>
        ${rows.length === 0 ? this.empty(source.length) : this.table(rows)}
      </section>
      <event-details></event-details>
    `;
  }

  /** Shows only the events that belong together by this correlation id. */
  showCorrelation(correlationId: string): void {
    this.words = correlationId;
    this.topic = '';
    this.requestUpdate();
    this.scrollIntoView({ block: 'start' });
    this.querySelector<HTMLInputElement>('#events-filter')?.focus({ preventScroll: true });
  }

  private summary(found: number, total: number, newer: number, skipped: number): TemplateResult {
    const filtered = found === total ? '' : ` of ${count(total)}`;
    return html`${found}${filtered}
    kept${this.held ? html` · <strong>paused</strong>, ${count(newer)} newer` : nothing}
    ${skipped > 0 ? html` · ${count(skipped)} too fast to show` : nothing}`;
  }

  private empty(total: number): TemplateResult {
    if (total > 0) {
      return html`<p class="empty">
        Nothing matches the filter. <button type="button" class="link" @click=${this.clear}>Clear it</button>
      </p>`;
    }
    return html`<p class="empty">
      No movement yet: run <code>npm run golden</code> and watch it arrive here.
    </p>`;
  }

  private table(rows: readonly LiveEvent[]): TemplateResult {
    return html`
      <div class="table-scroll" tabindex="0" role="region" aria-labelledby="events-title">
        <table class="event-table ${this.isBusy() ? 'busy' : ''}">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Type</th>
              <th scope="col">Key</th>
              <th scope="col" class="wide-only">Data</th>
              <th scope="col" class="wide-only">Place</th>
              <th scope="col" class="wide-only">Correlation</th>
            </tr>
          </thead>
          <tbody>
            ${
              // A flood replaces every row anyway: then it is cheaper to write new text into the rows that are there.
              this.isBusy()
                ? rows.map((event) => this.row(event))
                : repeat(
                    rows,
                    (event) => event.at,
                    (event) => this.row(event),
                  )
            }
          </tbody>
        </table>
      </div>
    `;
  }

  private row(event: LiveEvent): TemplateResult {
    const kind = event.event ? this.kindOf(event.topic) : 'dead-letter';
    const name = event.event ? shortType(event.event.type) : 'not readable';
    const data = event.event ? oneLine(event.event.data, event.key) : (event.problem ?? '');
    const correlation = event.event?.correlationId;
    return html`<tr
      class=${event.event ? '' : 'unreadable'}
      data-at=${event.at}
      @click=${() => this.open(event)}
    >
      <td class="time">${clock(event.time)}<span class="wide-only">.${milliseconds(event.time)}</span></td>
      <td class="type">
        <span class="kind-dot ${kind}" aria-hidden="true"></span>
        <button type="button" class="link" aria-haspopup="dialog">${name}</button>
        <span class="data narrow-only">${data}</span>
      </td>
      <td class="key">${event.key ?? '–'}</td>
      <td class="data wide-only" title=${data}>${data}</td>
      <td class="place wide-only" title=${event.at}>p${event.partition} · ${event.offset}</td>
      <td class="wide-only">
        ${
          correlation === undefined
            ? '–'
            : html`<button
                type="button"
                class="link mono"
                title="Show only ${correlation}"
                @click=${(click: Event) => {
                  click.stopPropagation();
                  this.showCorrelation(correlation);
                }}
              >
                ${correlation.slice(-8)}
              </button>`
        }
      </td>
    </tr>`;
  }

  private isBusy(): boolean {
    const counts = Object.values(this.page.ticks.at(-1)?.counts ?? {});
    return counts.reduce((sum, records) => sum + records, 0) > BUSY_RATE;
  }

  private kindOf(topic: string): string {
    return this.page.topology?.topics.find((candidate) => candidate.name === topic)?.kind ?? 'event';
  }

  private open(event: LiveEvent): void {
    this.querySelector<EventDetails>('event-details')?.show(event, (id) => this.showCorrelation(id));
  }

  private readonly setWords = (event: Event): void => {
    this.words = (event.target as HTMLInputElement).value;
    this.requestUpdate();
  };

  private readonly setTopic = (event: Event): void => {
    this.topic = (event.target as HTMLSelectElement).value;
    this.requestUpdate();
  };

  private readonly clear = (): void => {
    this.words = '';
    this.topic = '';
    const select = this.querySelector<HTMLSelectElement>('#events-topic');
    if (select) select.value = '';
    this.requestUpdate();
  };

  private readonly togglePause = (): void => {
    this.held = this.held ? undefined : this.page.events;
    this.requestUpdate();
  };
}

customElements.define('events-panel', EventsPanel);
