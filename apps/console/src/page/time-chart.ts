/** A line chart over the last minutes with its own legend; drawn by uPlot, readable without seeing it. */
import { LitElement, html } from 'lit';
import type { PropertyDeclarations, TemplateResult } from 'lit';
import uPlot from 'uplot';
import { compact } from './format.ts';
import { onThemeChange } from './theme.ts';

export interface ChartSeries {
  readonly label: string;
  /** Number of the colour in the style sheet, from 1. */
  readonly color: number;
  /** One value per time; `null` where it is not known. */
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
}

const HEIGHT = 180;
/** A page that was just opened shows a short time large rather than a long time empty. */
const SHORTEST_WINDOW_SECONDS = 60;

class TimeChart extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    data: { attribute: false },
    label: { type: String },
    unit: { type: String },
  };
  declare data: ChartData;
  declare label: string;
  declare unit: string;
  private plot: uPlot | undefined;
  private drawnSeries = '';
  private readonly resizes = new ResizeObserver(() => this.resize());
  private stopTheme: (() => void) | undefined;

  constructor() {
    super();
    this.data = { times: [], series: [] };
    this.label = '';
    this.unit = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizes.observe(this);
    this.stopTheme = onThemeChange(() => this.redraw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
    this.stopTheme?.();
    this.plot?.destroy();
    this.plot = undefined;
  }

  override render(): TemplateResult {
    const now = this.data.series.map(({ label, values }) => `${label} ${compact(values.at(-1) ?? 0)}`);
    return html`
      <div class="plot" role="img" aria-label="${this.label}, now: ${now.join(', ')}"></div>
      <ul class="chart-legend" aria-hidden="true">
        ${this.data.series.map(
          ({ label, color, values }) =>
            html`<li>
              <span class="line series-${color}"></span>${label}
              <b>${compact(values.at(-1) ?? 0)}</b>
            </li>`,
        )}
      </ul>
    `;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(): void {
    const series = JSON.stringify(this.data.series.map(({ label, color }) => [label, color]));
    if (this.drawnSeries !== series) {
      this.drawnSeries = series;
      this.redraw();
    } else this.plot?.setData(this.aligned());
  }

  private redraw(): void {
    this.plot?.destroy();
    const target = this.querySelector<HTMLElement>('.plot');
    if (!target || this.data.series.length === 0) return;
    this.plot = new uPlot(this.options(target.clientWidth), this.aligned(), target);
  }

  private options(width: number): uPlot.Options {
    const style = getComputedStyle(this);
    const color = (name: string): string => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: color('--muted'),
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui, sans-serif',
    };
    return {
      width: Math.max(width, 100),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 22, 0, 0],
      scales: {
        x: { time: true, range: (_plot, min, max) => [Math.min(min, max - SHORTEST_WINDOW_SECONDS), max] },
        y: { range: (_plot, _min, max) => [0, Math.max(max * 1.15, 4)] },
      },
      axes: [
        { ...axis, size: 28, space: 70, values: (_plot, times) => times.map((time) => minuteOf(time)) },
        { ...axis, size: 42, space: 36, values: (_plot, values) => values.map((value) => compact(value)) },
      ],
      series: [
        {},
        ...this.data.series.map((line) => ({
          label: line.label,
          stroke: color(`--series-${line.color}`),
          width: 1.75,
          points: { show: false },
        })),
      ],
    };
  }

  private aligned(): uPlot.AlignedData {
    return [[...this.data.times], ...this.data.series.map((line) => [...line.values])];
  }

  private resize(): void {
    const target = this.querySelector<HTMLElement>('.plot');
    if (target && this.plot && target.clientWidth > 0)
      this.plot.setSize({ width: target.clientWidth, height: HEIGHT });
  }
}

function minuteOf(seconds: number): string {
  const time = new Date(seconds * 1000);
  const [hours, minutes, rest] = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return rest === '00' ? `${hours}:${minutes}` : `${hours}:${minutes}:${rest}`;
}

customElements.define('time-chart', TimeChart);
