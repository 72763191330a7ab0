/** Charts as SVG text, readable on light and on dark pages. */
import { linearScale, logScale } from './svg-scale.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Whether it is ours. */
  readonly own: boolean;
}

export interface Line {
  readonly label: string;
  readonly own: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const WIDTH = 760;
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #57606a; }
  .title { font-size: 14px; font-weight: 600; fill: #1f2328; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .own { fill: #0969da; } .other { fill: #8c959f; }
  .line { fill: none; stroke-width: 2; } .line.own { fill: none; stroke: #0969da; } .line.other { fill: none; stroke: #8c959f; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1; } .title { fill: #f0f6fc; } .grid { stroke: #3d444d; }
    .own { fill: #4493f8; } .other { fill: #656c76; }
    .line.own { stroke: #4493f8; } .line.other { stroke: #656c76; }
  }`;

/** Bars beside each other's names, longest possible; the value stands at the end of each bar. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const left = 440;
  const rowHeight = 22;
  const top = 40;
  const scale = linearScale(Math.max(0, ...bars.map(({ value }) => value)), left, WIDTH - 80);
  const rows = bars.map(({ label, value, own }, index) => {
    const y = top + index * rowHeight;
    const width = scale.at(value) - left;
    return [
      `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escape(label)}</text>`,
      `<rect class="${own ? 'own' : 'other'}" x="${left}" y="${y}" width="${place(width)}" height="16" rx="2"/>`,
      `<text x="${place(left + width + 6)}" y="${y + 12}">${count(value)}</text>`,
    ].join('');
  });
  return svg(title, top + bars.length * rowHeight + 16, rows);
}

/** Lines over a logarithmic axis, with a dot and a tick at each measured point. */
export function lineChart(
  title: string,
  xLabel: string,
  lines: readonly Line[],
  xText: (x: number) => string = count,
): string {
  const height = 320;
  const [left, right, top, bottom] = [70, WIDTH - 24, 56, height - 48];
  const points = lines.flatMap((line) => line.points);
  const x = logScale(
    points.map((point) => point.x),
    left + 16,
    right - 16,
  );
  const y = linearScale(Math.max(0, ...points.map((point) => point.y)), bottom, top);
  const grid = y.ticks.map(
    (tick) =>
      `<line class="grid" x1="${left}" x2="${right}" y1="${place(y.at(tick))}" y2="${place(y.at(tick))}"/>` +
      `<text x="${left - 8}" y="${place(y.at(tick) + 4)}" text-anchor="end">${count(tick)}</text>`,
  );
  const labels = x.ticks.map(
    (tick) =>
      `<text x="${place(x.at(tick))}" y="${bottom + 20}" text-anchor="middle">${escape(xText(tick))}</text>`,
  );
  const drawn = lines.map((line, index) => {
    const kind = line.own ? 'own' : 'other';
    const sorted = line.points.toSorted((a, b) => a.x - b.x);
    const path = sorted.map((point) => `${place(x.at(point.x))},${place(y.at(point.y))}`).join(' ');
    const dots = sorted.map(
      (point) =>
        `<circle class="${kind}" cx="${place(x.at(point.x))}" cy="${place(y.at(point.y))}" r="3.5"><title>${escape(`${line.label}, ${xText(point.x)}: ${count(point.y)}/s`)}</title></circle>`,
    );
    const legend = left + index * 220;
    return (
      `<polyline class="line ${kind}" points="${path}"/>${dots.join('')}` +
      `<rect class="${kind}" x="${legend}" y="34" width="12" height="12" rx="2"/><text x="${legend + 18}" y="44">${escape(line.label)}</text>`
    );
  });
  const axis = `<text x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">${escape(xLabel)}</text>`;
  return svg(title, height, [...grid, ...labels, ...drawn, axis]);
}

function svg(title: string, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="16" y="22">${escape(title)}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** 1,234,567 as 1.23 M, 12,345 as 12.3 k, 999 as 999. */
export function count(value: number): string {
  const [scaled, suffix] =
    value >= 1e6 ? [value / 1e6, ' M'] : value >= 1e4 ? [value / 1e3, ' k'] : [value, ''];
  return `${Number(scaled.toPrecision(3)).toLocaleString('en-US')}${suffix}`;
}

function place(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
