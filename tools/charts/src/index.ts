/** Charts, rendered and read. */
export { ChartError } from './errors.ts';
export { copyChart, readChartFile, type ChartCopy } from './render/chart-copy.ts';
export { parseQuantity } from './policies/quantity.ts';
export {
  differencesIn,
  firstDifference,
  firstDifferentLine,
  type FieldDifference,
} from './render/difference.ts';
export { groupOf, nameOf, type KubeObject, type Labels } from './render/kube-object.ts';
export { parseObjects, renderChart, RenderError, type Render } from './render/render-chart.ts';
export { runProgram } from './run-program.ts';
