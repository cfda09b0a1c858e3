import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One metric: `name` without prefix and unit, e.g. `requests`; the unit is appended as Prometheus wants it. */
export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** `none`: a plain number, such as 1 for yes. */
  readonly unit: 'total' | 'seconds' | 'bytes' | 'objects' | 'ratio' | 'info' | 'none';
  readonly description: string;
  /** Label names with their values where these are few and known: such counters start at zero for each combination. */
  readonly labels?: Readonly<Record<string, readonly string[] | undefined>>;
  /** Upper bounds of a histogram, in the unit. */
  readonly buckets?: readonly number[];
}

export type MetricTable = Readonly<Record<string, MetricDefinition>>;
type Labels = Readonly<Record<string, string>>;

type MetricOf<D extends MetricDefinition> = D['kind'] extends 'counter'
  ? { add(labels?: Labels, by?: number): void }
  : D['kind'] extends 'gauge'
    ? {
        set(value: number, labels?: Labels): void;
        add(labels?: Labels, by?: number): void;
        /** Forgets every value, those with labels that exist no more among them. */
        reset(): void;
      }
    : { observe(value: number, labels?: Labels): void };

export interface Metrics<T extends MetricTable> {
  readonly of: { readonly [K in keyof T]: MetricOf<T[K]> };
  readonly contentType: string;
  /** The exposition text of `/metrics`. */
  text(): Promise<string>;
}

/** Makes a registry of its own, so that two servers in one process do not meet. */
export function makeMetrics<const T extends MetricTable>(
  prefix: string,
  table: T,
  options: { readonly processMetrics?: boolean } = {},
): Metrics<T> {
  const registry = new Registry();
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: registry });
  const made: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries(table))
    made[key] = makeMetric(registry, prefix, key, definition);
  return {
    // The loop above makes exactly one metric of the declared kind for each key of the table.
    of: made as Metrics<T>['of'],
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function makeMetric(registry: Registry, prefix: string, key: string, definition: MetricDefinition): unknown {
  const settings = {
    name: metricName(prefix, key, definition),
    help: definition.description,
    labelNames: Object.keys(definition.labels ?? {}),
    registers: [registry],
  };
  if (definition.kind === 'counter') {
    const counter = new Counter(settings);
    for (const labels of combinations(definition.labels ?? {})) counter.inc({ ...labels }, 0);
    return { add: (labels: Labels = {}, by = 1) => counter.inc({ ...labels }, by) };
  }
  if (definition.kind === 'gauge') {
    const gauge = new Gauge(settings);
    return {
      set: (value: number, labels: Labels = {}) => gauge.set({ ...labels }, value),
      add: (labels: Labels = {}, by = 1) => gauge.inc({ ...labels }, by),
      reset: () => gauge.reset(),
    };
  }
  const histogram = new Histogram({
    ...settings,
    buckets: [...(definition.buckets ?? [0.005, 0.05, 0.5, 5])],
  });
  return { observe: (value: number, labels: Labels = {}) => histogram.observe({ ...labels }, value) };
}

export function metricName(prefix: string, key: string, definition: MetricDefinition): string {
  const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return definition.unit === 'none' ? `${prefix}_${snake}` : `${prefix}_${snake}_${definition.unit}`;
}

/** Every combination of known label values; none if one label's values are open. */
function combinations(labels: NonNullable<MetricDefinition['labels']>): readonly Labels[] {
  let all: Labels[] = [{}];
  for (const [name, values] of Object.entries(labels)) {
    if (values === undefined) return [];
    all = all.flatMap((labelSet) => values.map((value) => ({ ...labelSet, [name]: value })));
  }
  return all;
}
