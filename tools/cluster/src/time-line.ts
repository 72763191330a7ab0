/** The order in which things became healthy, held against the order in which they must. */
import type { Milestone } from './wait.ts';

/** Returns a line for each application: when it was made and when it was green, in seconds since the first. */
export function timeLine(
  milestones: ReadonlyMap<string, Milestone>,
  waves: ReadonlyMap<string, number>,
): string[] {
  const zero = [...milestones.values()].map(({ created }) => created).sort()[0] ?? '';
  const since = (time: string) => ((Date.parse(time) - Date.parse(zero)) / 1000).toFixed(0).padStart(4);
  return [...milestones]
    .sort(
      ([, one], [, other]) =>
        one.created.localeCompare(other.created) || one.green.localeCompare(other.green),
    )
    .map(
      ([name, { created, green }]) =>
        `wave ${String(waves.get(name) ?? '').padStart(4)}  made ${since(created)} s  green ${since(green)} s  ${name}`,
    );
}

/** Returns a problem for each need that was not green before what needs it was made. */
export function brokenEdges(
  milestones: ReadonlyMap<string, Milestone>,
  needs: ReadonlyMap<string, readonly string[]>,
  began: (milestone: Milestone) => string = ({ created }) => created,
): string[] {
  return [...needs].flatMap(([name, before]) => {
    const dependant = milestones.get(name);
    if (dependant === undefined) return [];
    return before.flatMap((need) => {
      const green = milestones.get(need)?.green;
      if (green === undefined) return [`${name} was there, and ${need}, which it needs, never green`];
      return green <= began(dependant)
        ? []
        : [`${name} began at ${began(dependant)}, before ${need}, which it needs, was green at ${green}`];
    });
  });
}
