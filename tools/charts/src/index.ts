/** Charts, rendered and read. */
export { findingsOf } from './chart-coverage/coverage-findings.ts';
export { coverageReport } from './chart-coverage/report.ts';
export { checkSuites } from './checks/suites.ts';
export { ChartError } from './errors.ts';
export { excepts, exceptionsIn, EXCEPTIONS_FILE } from './policies/exceptions.ts';
export { POLICIES } from './policies/index.ts';
export { copyChart, readChartFile, type ChartCopy } from './render/chart-copy.ts';
export { parseQuantity } from './policies/quantity.ts';
export {
  differencesIn,
  firstDifference,
  firstDifferentLine,
  type FieldDifference,
} from './render/difference.ts';
export { forbiddenCalls } from './render/forbidden-functions.ts';
export { groupOf, nameOf, type KubeObject, type Labels } from './render/kube-object.ts';
export { parseObjects, renderChart, RenderError, type Render } from './render/render-chart.ts';
export { runProgram, type RunOptions } from './run-program.ts';
