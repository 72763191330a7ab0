/** Lets a dot travel along an arrow for an event that passed; does nothing for people who asked for less motion. */

const TRAVEL_MS = 900;
/** More dots than this on one arrow at the same time say nothing more, and cost the reader's machine. */
const DOTS_PER_EDGE = 4;

interface Dot {
  readonly circle: SVGCircleElement;
  readonly path: SVGPathElement;
  readonly start: number;
  readonly done: () => void;
}

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
const dots = new Set<Dot>();
const onPath = new Map<SVGPathElement, number>();
let frame: number | undefined;

/** Lets a dot of class `flow-dot <kind>` travel along `path` inside `layer`, then calls `done`. */
export function travel(
  layer: SVGGElement,
  path: SVGPathElement,
  kind: string,
  done: () => void = () => undefined,
): void {
  if (reducedMotion.matches || document.hidden) return;
  const travelling = onPath.get(path) ?? 0;
  if (travelling >= DOTS_PER_EDGE) return;
  onPath.set(path, travelling + 1);

  const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  circle.setAttribute('r', '4.5');
  circle.setAttribute('class', `flow-dot ${kind}`);
  layer.append(circle);
  dots.add({ circle, path, start: performance.now(), done });
  frame ??= requestAnimationFrame(move);
}

function move(now: number): void {
  for (const dot of dots) {
    const progress = Math.min(1, Math.max(0, (now - dot.start) / TRAVEL_MS));
    if (progress === 1 || !dot.path.isConnected) finish(dot);
    else {
      const eased = progress < 0.5 ? 2 * progress ** 2 : 1 - (2 - 2 * progress) ** 2 / 2;
      const { x, y } = dot.path.getPointAtLength(eased * dot.path.getTotalLength());
      dot.circle.setAttribute('cx', String(x));
      dot.circle.setAttribute('cy', String(y));
    }
  }
  frame = dots.size > 0 ? requestAnimationFrame(move) : undefined;
}

function finish(dot: Dot): void {
  dot.circle.remove();
  dots.delete(dot);
  const left = (onPath.get(dot.path) ?? 1) - 1;
  if (left > 0) onPath.set(dot.path, left);
  else onPath.delete(dot.path);
  if (dot.path.isConnected) dot.done();
}
