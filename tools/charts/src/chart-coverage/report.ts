/** What the program chart-coverage tells of a chart. */
import { basename } from 'node:path';
import { resolveTool } from '@eda/helm';
import { ChartError } from '../errors.ts';
import { copyChart } from '../render/chart-copy.ts';
import { variantsOf } from '../render/variants.ts';
import { runProgram } from '../run-program.ts';
import { suiteFiles } from '../suite-files.ts';

export interface Report {
  /** The chart's own templates that are rendered by themselves. */
  readonly templates: readonly {
    readonly file: string;
    /** Whether some test asserts on it and gets documents. */
    readonly documents: boolean;
  }[];
  readonly sides: readonly Side[];
  readonly values: readonly {
    readonly path: string;
    /** Whether it stands in the chart's own values.yaml. */
    readonly own: boolean;
    /** Whether something else is rendered when it is another. */
    readonly used: boolean;
  }[];
}

/** One side of a branch, or a define. */
export interface Side {
  /** The chart that has the template. */
  readonly chart: string;
  readonly file: string;
  readonly line: number;
  readonly kind: 'if' | 'with' | 'range' | 'define';
  /** The condition, or the name of the define. */
  readonly text: string;
  /** The body, or the else, written or not. */
  readonly side: boolean;
  /** Whether a test or a variant comes here. */
  readonly seen: boolean;
  /** A value by whose change a render comes here that did not before. */
  readonly by?: string;
}

export interface ReportOptions {
  readonly log: (line: string) => void;
  /** Whether values are tried, which takes most of the time. */
  readonly values?: boolean;
}

/** Returns what the suites and variants of the chart in `folder` see of it. Throws a `ChartError` when it cannot be rendered. */
export async function coverageReport(folder: string, { log, values = true }: ReportOptions): Promise<Report> {
  const program = await resolveTool('chart-coverage', { log });
  using copy = copyChart(folder);
  const { code, stdout, stderr } = await runProgram(program, [
    ...suiteFiles(copy.folder).map((file) => `--suite=${file}`),
    ...variantsOf(folder).map(({ name, files }) => `--variant=${name}=${files.join(',')}`),
    `--values=${values}`,
    copy.folder,
  ]);
  if (code !== 0) throw new ChartError(`${basename(folder)}: ${stderr.trim().replaceAll(/\s*\n\s*/g, ' ')}`);
  return JSON.parse(stdout) as Report;
}
