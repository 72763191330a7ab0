/** The part of Grafana's model of dashboards that we use. */

/** The variable by which the reader chooses a Prometheus. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

export interface Step {
  readonly color: string;
  readonly value: number | null;
}

export interface Panel {
  readonly id: number;
  readonly type: 'stat' | 'timeseries' | 'row';
  readonly title: string;
  readonly description?: string;
  readonly datasource?: typeof DATASOURCE;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit: string;
      readonly thresholds: { readonly mode: 'absolute'; readonly steps: readonly Step[] };
      readonly custom?: object;
      readonly min?: number;
      readonly noValue?: string;
    };
    readonly overrides: readonly object[];
  };
  readonly options?: object;
  /** Of a row: whether its panels are hidden, and then those. */
  readonly collapsed?: boolean;
  readonly panels?: readonly Panel[];
  readonly targets?: readonly Target[];
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: 'datasource' | 'query';
  readonly query: string;
  readonly [more: string]: unknown;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly [more: string]: unknown;
}
