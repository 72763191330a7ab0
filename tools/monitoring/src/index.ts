/** What others run: the checks of the chart kafka-monitoring. */
export { checkMonitoring } from './check-monitoring.ts';
export { MonitoringError } from './errors.ts';
export { testRules, type TestRulesOptions } from './test-rules.ts';
