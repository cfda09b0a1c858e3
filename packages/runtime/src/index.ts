export { type BackoffSettings, backoffMs } from './backoff/backoff.ts';
export { type Clock, systemClock } from './clock/clock.ts';
export { type ManualClock, makeManualClock } from './clock/manual-clock.ts';
export { type Heartbeat, type HeartbeatSettings, makeHeartbeat } from './life/heartbeat.ts';
export { type EndFailure, type Life, LifeEnding, makeLife } from './life/life.ts';
export { drainOnSignals, type SignalSource } from './life/process-signals.ts';
export {
  LOG_FORMATS,
  LOG_LEVELS,
  type Log,
  type LogFormat,
  type LogLevel,
  makeLog,
  silentLog,
} from './log/log.ts';
export {
  type MetricDefinition,
  type Metrics,
  type MetricTable,
  makeMetrics,
  metricName,
} from './metrics/metrics.ts';
export type { OptionDefinition, OptionTable, OptionType, OptionValues } from './options/option.ts';
export { optionHelp, optionReference } from './options/option-help.ts';
export {
  choiceOption,
  fileOption,
  integerOption,
  switchOption,
  textOption,
  urlOption,
} from './options/option-types.ts';
export {
  OptionProblems,
  type OptionReading,
  type OptionSources,
  readOptions,
} from './options/read-options.ts';
