/** How much happens, and how far the consumers are behind, over the last five minutes. */
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Tick } from '../messages.ts';
import { count, topicName } from './format.ts';
import { Panel } from './panel.ts';
import type { ChartData } from './time-chart.ts';

const SERIES_COLORS = 6;

class ChartsPanel extends Panel {
  protected readonly drawnAfter = ['tick'] as const;

  override render(): TemplateResult {
    const { ticks } = this.page;
    const known = Object.values(ticks.at(-1)?.lag ?? {});
    const behind = known.reduce((sum, lag) => sum + lag, 0);
    const passed = ticks.reduce((sum, tick) => sum + total(tick), 0);
    return html`
      <section class="panel" aria-labelledby="rate-title">
        <header class="panel-head">
          <h2 id="rate-title">Events per second</h2>
          <p class="hint">${count(passed)} in the last five minutes</p>
        </header>
        <time-chart label="Events per second" .data=${this.rates()}></time-chart>
      </section>
      <section class="panel" aria-labelledby="lag-title">
        <header class="panel-head">
          <h2 id="lag-title">Consumer lag</h2>
          <p class="hint">
            ${known.length === 0 ? 'not known' : behind === 0 ? 'everybody is up to date' : `${count(behind)} records not yet handled`}
          </p>
        </header>
        ${
          this.lags().series.length === 0
            ? html`<p class="empty">No consumer group yet: start the apps with <code>npm start</code>.</p>`
            : html`<time-chart label="Consumer lag in records" .data=${this.lags()}></time-chart>`
        }
      </section>
    `;
  }

  private rates(): ChartData {
    const { topology, ticks } = this.page;
    const topics = topology?.topics.filter((topic) => topic.kind !== 'dead-letter') ?? [];
    return {
      times: timesOf(ticks),
      series: topics.map((topic, index) => ({
        label: topicName(topic.name).title,
        color: colorOf(index),
        values: ticks.map((tick) => tick.counts[topic.name] ?? 0),
      })),
    };
  }

  private lags(): ChartData {
    const { topology, ticks } = this.page;
    const groups = topology?.apps.flatMap((app) => app.group ?? []) ?? [];
    const known = groups.filter((group) => ticks.some((tick) => group in tick.lag));
    return {
      times: timesOf(ticks),
      series: known.map((group, index) => ({
        label: group,
        color: colorOf(index),
        values: ticks.map((tick) => tick.lag[group] ?? null),
      })),
    };
  }
}

const timesOf = (ticks: readonly Tick[]): number[] => ticks.map((tick) => tick.time / 1000);
const total = (tick: Tick): number => Object.values(tick.counts).reduce((sum, records) => sum + records, 0);
const colorOf = (index: number): number => (index % SERIES_COLORS) + 1;

customElements.define('charts-panel', ChartsPanel);
