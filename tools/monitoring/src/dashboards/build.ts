/** Writes dashboards from little: what a panel shows, of what, in which unit, from where on it is bad. */
import { type Dashboard, DATASOURCE, type Panel, type Step, type Target, type Variable } from './model.ts';

/** From where on a value is a warning and from where on it is bad; `below` when small values are. */
export interface Limits {
  readonly warning?: number;
  readonly bad?: number;
  readonly below?: boolean;
}

export interface PanelSpec {
  readonly title: string;
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
  /** Queries by what the legend says: text, or `{{label}}`. */
  readonly show: Readonly<Record<string, string>>;
  readonly limits?: Limits;
  /** Columns of 24; 4 for a figure and 8 for a graph when absent. */
  readonly width?: number;
}

type Draft = Omit<Panel, 'id' | 'gridPos'> & { readonly width: number; readonly height: number };

/** One figure, of now. */
export function figure(spec: PanelSpec): Draft {
  const { width = 4 } = spec;
  return {
    ...common(spec, true),
    type: 'stat',
    options: {
      colorMode: spec.limits === undefined ? 'none' : 'value',
      graphMode: 'area',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      textMode: 'auto',
    },
    width,
    height: 4,
  };
}

/** Lines over time. */
export function graph(spec: PanelSpec): Draft {
  const { width = 8 } = spec;
  return {
    ...common(spec, false),
    type: 'timeseries',
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    width,
    height: 8,
  };
}

/** A heading over what follows. */
export function heading(title: string): Draft {
  return { type: 'row', title, collapsed: false, panels: [], width: 24, height: 1 };
}

function common({ title, description, unit, show, limits }: PanelSpec, isFigure: boolean) {
  const targets: Target[] = Object.entries(show).map(([legendFormat, expr], index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    expr,
    legendFormat,
  }));
  return {
    title,
    description,
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: {
        unit,
        thresholds: { mode: 'absolute' as const, steps: stepsOf(limits) },
        ...(isFigure
          ? { noValue: '–' }
          : {
              min: 0,
              custom: {
                fillOpacity: 10,
                lineWidth: 1,
                showPoints: 'never',
                thresholdsStyle: { mode: limits === undefined ? 'off' : 'line' },
              },
            }),
      },
      overrides: [],
    },
    targets,
  };
}

function stepsOf({ warning, bad, below = false }: Limits = {}): Step[] {
  const steps: Step[] = [{ color: below ? 'red' : 'green', value: null }];
  const above: [string, number | undefined][] = below
    ? [
        ['orange', bad],
        ['green', warning ?? bad],
      ]
    : [
        ['orange', warning],
        ['red', bad],
      ];
  for (const [color, value] of above) if (value !== undefined) steps.push({ color, value });
  return below && warning === undefined ? steps.filter(({ color }) => color !== 'orange') : steps;
}

/** A variable with the values of a label, several of which or all may be chosen. */
export function choice(name: string, label: string, selector: string, of: string): Variable {
  return {
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    query: `label_values(${selector}, ${of})`,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

const CHOOSE_DATASOURCE: Variable = {
  name: 'datasource',
  label: 'Prometheus',
  type: 'datasource',
  query: 'prometheus',
};

/** Puts panels in rows from left to right, numbers them, and returns the dashboard. */
export function dashboard(options: {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly panels: readonly Draft[];
}): Dashboard {
  const { uid, title, description, variables } = options;
  let [x, y, rowHeight] = [0, 0, 0];
  const panels = options.panels.map(({ width, height, ...draft }, index): Panel => {
    if (x + width > 24) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { x, y, w: width, h: height };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    return { id: index + 1, ...draft, gridPos };
  });
  return {
    uid,
    title,
    description,
    tags: ['eda'],
    editable: false,
    schemaVersion: 41,
    version: 1,
    timezone: 'browser',
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    links: [
      {
        type: 'dashboards',
        title: 'EDA',
        tags: ['eda'],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    templating: { list: [CHOOSE_DATASOURCE, ...variables] },
    panels,
  };
}
