/** The dashboards of the chart as files. */
import { brokers } from './brokers.ts';
import { consumers } from './consumers.ts';
import type { Dashboard } from './model.ts';
import { overview } from './overview.ts';
import { registry } from './registry.ts';
import { services } from './services.ts';

const DASHBOARDS: Readonly<Record<string, Dashboard>> = { overview, brokers, consumers, services, registry };

/** Returns the text of each dashboard by the name of its file. */
export function renderDashboards(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(DASHBOARDS).map(([name, dashboard]) => [
      `${name}.json`,
      `${JSON.stringify(dashboard, undefined, 2)}\n`,
    ]),
  );
}
