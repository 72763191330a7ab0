/** Places apps and topics: the graph of the contracts laid out by dagre. Pure: no browser. */
import { Graph, layout } from '@dagrejs/dagre';
import type { Topology, TopologyApp, TopologyTopic } from '../messages.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends Point {
  /** `app:<name>` or `topic:<name>`. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly app?: TopologyApp;
  readonly topic?: TopologyTopic;
}

export interface PlacedEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** `calls` is an HTTP call from app to app, the others go through the log. */
  readonly kind: 'sends' | 'receives' | 'calls';
  readonly path: string;
}

export interface PlacedTopology {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export interface LayoutOptions {
  /** Narrow screens get the drawing from top to bottom. */
  readonly direction: 'LR' | 'TB';
  /** Whether apps that only look on are drawn, and the repairs they make. */
  readonly observers: boolean;
  readonly deadLetters: boolean;
}

const SIZES = {
  LR: { app: { width: 148, height: 64 }, topic: { width: 224, height: 56 }, nodesep: 20, ranksep: 38 },
  TB: { app: { width: 140, height: 60 }, topic: { width: 166, height: 52 }, nodesep: 12, ranksep: 40 },
} as const;
const MARGIN = 8;

/** Returns where everything stands; equal input gives equal output. */
export function placeTopology(topology: Topology, options: LayoutOptions): PlacedTopology {
  const sizes = SIZES[options.direction];
  const graph = new Graph();
  graph.setGraph({
    rankdir: options.direction,
    nodesep: sizes.nodesep,
    ranksep: sizes.ranksep,
    edgesep: 12,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));

  const { apps, topics, edges } = drawn(topology, options);
  for (const app of apps) graph.setNode(appId(app.name), { ...sizes.app });
  for (const topic of topics) graph.setNode(topicId(topic.name), { ...sizes.topic });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);

  const place = (id: string): Point & { width: number; height: number } => {
    const {
      x = 0,
      y = 0,
      width = 0,
      height = 0,
    } = graph.node(id) as Partial<Point & { width: number; height: number }>;
    return { x, y, width, height };
  };
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: [
      ...apps.map((app) => ({ id: appId(app.name), ...place(appId(app.name)), app })),
      ...topics.map((topic) => ({ id: topicId(topic.name), ...place(topicId(topic.name)), topic })),
    ],
    edges: edges.map((edge) => {
      const { points = [] } = graph.edge(edge.from, edge.to) as { points?: Point[] };
      return { ...edge, path: smooth(points) };
    }),
  };
}

/** Returns the id of an app's node. */
export function appId(name: string): string {
  return `app:${name}`;
}

/** Returns the id of a topic's node. */
export function topicId(name: string): string {
  return `topic:${name}`;
}

function drawn(
  topology: Topology,
  { observers, deadLetters }: LayoutOptions,
): { apps: TopologyApp[]; topics: TopologyTopic[]; edges: Omit<PlacedEdge, 'path'>[] } {
  const apps = topology.apps.filter((app) => observers || app.role !== 'observer');
  const topics = topology.topics.filter((topic) => deadLetters || topic.kind !== 'dead-letter');
  const present = new Set([
    ...apps.map((app) => appId(app.name)),
    ...topics.map((topic) => topicId(topic.name)),
  ]);
  const flows = topology.flows
    .filter((flow) => observers || !flow.aside)
    .map(({ app, topic, direction }) =>
      direction === 'sends'
        ? { from: appId(app), to: topicId(topic), kind: direction }
        : { from: topicId(topic), to: appId(app), kind: direction },
    );
  const calls = apps.flatMap((app) =>
    app.calls.map((called) => ({ from: appId(app.name), to: appId(called), kind: 'calls' as const })),
  );
  const known = new Map<string, Omit<PlacedEdge, 'path'>>();
  for (const edge of [...calls, ...flows]) {
    const id = `${edge.from}>${edge.to}`;
    if (present.has(edge.from) && present.has(edge.to)) known.set(id, { id, ...edge });
  }
  return { apps, topics, edges: [...known.values()] };
}

/** A curve through the middle of every segment: soft corners, and it still starts and ends where dagre says. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const curves = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q ${at(point)} ${at(end)}`;
  });
  return curves.length === 0 ? `M ${at(first)} L ${at(last)}` : `M ${at(first)} ${curves.join(' ')}`;
}

const at = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
