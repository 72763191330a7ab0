/** The system as a drawing: apps, topics and what goes from one to the other. */
import { Graph, layout } from '@dagrejs/dagre';
import type { ContractsDescription } from '@eda/contracts-cli/describe';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { appPage, eventPage } from './paths.ts';

interface Box {
  readonly id: string;
  readonly kind: 'app' | 'event' | 'state';
  readonly title: string;
  readonly line: string;
  readonly page: string;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly kind: 'flow' | 'call';
}

const HEIGHT = 52;
const PER_LETTER = 7.6;
const PADDING = 28;

/** Returns the drawing as SVG, with a link in each box; `focus` leaves only what is next to that topic or app. */
export function drawGraph(contracts: ContractsDescription, toRoot: string, focus?: string): Html {
  const all = arrowsOf(contracts);
  const arrows = focus === undefined ? all : all.filter(({ from, to }) => from === focus || to === focus);
  const near = new Set([
    ...arrows.flatMap(({ from, to }) => [from, to]),
    ...(focus === undefined ? [] : [focus]),
  ]);
  const boxes = boxesOf(contracts).filter(({ id }) => focus === undefined || near.has(id));

  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 46, marginx: 6, marginy: 6 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { width: widthOf(box), height: HEIGHT });
  for (const { from, to } of arrows) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };

  return html`<div class="graph-scroll">
    <svg
      class="graph"
      viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}"
      width="${Math.ceil(width)}"
      height="${Math.ceil(height)}"
      role="group"
      aria-label="Apps and topics; each leads to its page"
    >
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8z" />
        </marker>
      </defs>
      ${arrows.map((arrow) => {
        const { points = [] } = graph.edge(arrow.from, arrow.to) as { points?: { x: number; y: number }[] };
        const path = points.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`).join(' L ');
        return html`<path class="arrow ${arrow.kind}" d="M ${path}" marker-end="url(#arrow)" /> `;
      })}${boxes.map((box) => {
        const { x, y } = graph.node(box.id) as { x: number; y: number };
        const boxWidth = widthOf(box);
        const left = Math.round(x - boxWidth / 2);
        const top = Math.round(y - HEIGHT / 2);
        return html`<a
          class="box ${box.kind}"
          href="${toRoot}${box.page}"
          ${box.id === focus ? html` aria-current="page"` : undefined}
          ><rect
            x="${left}"
            y="${top}"
            width="${Math.round(boxWidth)}"
            height="${HEIGHT}"
            rx="${box.kind === 'app' ? 8 : 26}"
          /><text x="${Math.round(x)}" y="${top + 23}">${box.title}</text
          ><text class="line" x="${Math.round(x)}" y="${top + 39}">${box.line}</text></a
        > `;
      })}
    </svg>
  </div>`;
}

function boxesOf({ topology, events }: ContractsDescription): Box[] {
  return [
    ...topology.apps.map(({ name, title, role }): Box => ({
      id: `app:${name}`,
      kind: 'app',
      title,
      line: role,
      page: appPage(name),
    })),
    ...events.map(({ event, topic }): Box => ({
      id: `topic:${topic.name}`,
      kind: event.meta.class,
      title: event.record.name,
      line: topic.name,
      page: eventPage(topic.name),
    })),
  ];
}

/** Who looks on or repairs is left out: it would be drawn to everything. */
function arrowsOf({ topology, events }: ContractsDescription): Arrow[] {
  const topics = new Set(events.map(({ topic }) => topic.name));
  const arrows = topology.apps.flatMap(({ name, calls, operations }) => [
    ...calls.map((called): Arrow => ({ from: `app:${name}`, to: `app:${called}`, kind: 'call' })),
    ...operations
      .filter(({ purpose, topic }) => (purpose === 'publish' || purpose === 'consume') && topics.has(topic))
      .map(({ purpose, topic }): Arrow =>
        purpose === 'publish'
          ? { from: `app:${name}`, to: `topic:${topic}`, kind: 'flow' }
          : { from: `topic:${topic}`, to: `app:${name}`, kind: 'flow' },
      ),
  ]);
  const known = new Map(arrows.map((arrow) => [`${arrow.from} ${arrow.to}`, arrow]));
  return [...known.values()];
}

function widthOf({ title, line }: Box): number {
  return Math.max(title.length * PER_LETTER, line.length * (PER_LETTER - 1)) + PADDING;
}
