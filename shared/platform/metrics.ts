import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { StoreAway, StreamMoved, type EventStore } from '#shared/kernel/event-store.ts';
import type { Observed } from './http/app.ts';
import { rebuildMetrics } from './rebuild-metrics.ts';

/** A label may have so many values; whatever comes after them is counted as `other`. */
export const MOST_LABEL_VALUES = 200;
const OTHER = 'other';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Keeps a label from growing without end when what it is made of turns out not to be bounded. */
const bounded = () => {
  const seen = new Set<string>();
  return (value: string): string => {
    if (seen.has(value)) return value;
    if (seen.size >= MOST_LABEL_VALUES) return OTHER;
    seen.add(value);
    return value;
  };
};

const fast = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How an effect ended this time: for good, to be tried again, or left to an operator. */
export type EffectOutcome = 'done' | 'retried' | 'parked';
export type EffectStatus = 'WAITING' | 'PARKED' | 'DONE';

/** Behind the end of the log. */
export type Lag = { readonly positions: bigint; readonly seconds: number };

const httpMetrics = (registers: Registry[]) => {
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    ...{ name: 'http_requests_total', help: 'Requests answered.', labelNames, registers },
  });
  const seconds = new Histogram({
    ...{ name: 'http_request_duration_seconds', help: 'From the first byte to the last.' },
    ...{ labelNames, buckets: fast, registers },
  });
  const routes = bounded();
  return {
    /** For `HttpApp.observe`. The route is the path with its parameters in braces. */
    observeRequest: ({ method, route, status, seconds: took }: Observed): void => {
      const labels = {
        method: METHODS.has(method) ? method : OTHER,
        ...{ route: routes(route), status: String(status) },
      };
      requests.inc(labels);
      seconds.observe(labels, took);
    },
  };
};

const outcomeOf = (error: unknown): string => {
  if (error instanceof StreamMoved) return 'moved';
  return error instanceof StoreAway ? 'away' : 'failed';
};

const appendMetrics = (registers: Registry[]) => {
  const appends = new Counter({
    ...{ name: 'eventstore_appends_total', help: 'Appends, by what became of them.', registers },
    labelNames: ['outcome'],
  });
  const events = new Counter({
    ...{ name: 'eventstore_events_appended_total', help: 'Events put on record.', registers },
  });
  const seconds = new Histogram({
    ...{ name: 'eventstore_append_duration_seconds', help: 'Until it was on disk.', registers },
    ...{ labelNames: ['outcome'], buckets: fast },
  });
  const record = (outcome: string, started: number) => {
    appends.inc({ outcome });
    seconds.observe({ outcome }, (performance.now() - started) / 1_000);
  };

  return {
    /** The same store, and each append is counted and timed. */
    measured: (eventStore: EventStore): EventStore => ({
      ...eventStore,
      append: async (stream, contract, added, options) => {
        const started = performance.now();
        try {
          const at = await eventStore.append(stream, contract, added, options);
          record('written', started);
          events.inc(added.length);
          return at;
        } catch (error) {
          record(outcomeOf(error), started);
          throw error;
        }
      },
    }),
  };
};

const projectionMetrics = (registers: Registry[]) => {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['projection', 'kind'], registers });
  const positions = gauge('projection_lag_positions', 'Positions behind the end of the log.');
  const seconds = gauge('projection_lag_seconds', 'Age of the oldest event not yet handled.');
  const parked = gauge('projection_parked', '1 while somebody has to see to it.');
  const events = new Counter({
    ...{ name: 'projection_events_total', help: 'Events folded or reacted to.', registers },
    labelNames: ['projection', 'kind'],
  });
  const names = bounded();
  const labels = (projection: string, kind: 'view' | 'reaction') => ({
    ...{ projection: names(projection), kind },
  });

  return {
    /** How far a view or a reaction is behind, and whether it has stopped. */
    showLag: (
      projection: string,
      kind: 'view' | 'reaction',
      lag: Lag & { readonly parked: boolean },
    ): void => {
      const of = labels(projection, kind);
      positions.set(of, Number(lag.positions));
      seconds.set(of, lag.seconds);
      parked.set(of, lag.parked ? 1 : 0);
    },
    recordEvents: (projection: string, kind: 'view' | 'reaction', count: number): void => {
      events.inc(labels(projection, kind), count);
    },
  };
};

const effectMetrics = (registers: Registry[]) => {
  const attempts = new Counter({
    ...{ name: 'effect_attempts_total', help: 'Attempts, by how they ended.', registers },
    labelNames: ['effect', 'outcome'],
  });
  const seconds = new Histogram({
    ...{ name: 'effect_duration_seconds', help: 'How long an attempt took.', registers },
    ...{ labelNames: ['effect', 'outcome'], buckets: fast },
  });
  const standing = new Gauge({
    ...{ name: 'effects', help: 'Effects there are, by where they stand.', registers },
    labelNames: ['effect', 'status'],
  });
  const names = bounded();

  return {
    recordEffect: (effect: string, outcome: EffectOutcome, took: number): void => {
      const labels = { effect: names(effect), outcome };
      attempts.inc(labels);
      seconds.observe(labels, took);
    },
    showEffects: (
      counts: readonly {
        readonly effect: string;
        readonly status: EffectStatus;
        readonly count: number;
      }[],
    ): void => {
      // A kind of which there are none any more would stay at its last count for ever.
      standing.reset();
      for (const { effect, status, count } of counts)
        standing.set({ effect: names(effect), status }, count);
    },
  };
};

/** A set of everything that is counted, and what puts it on record. One for each process. */
export const metrics = (registry = new Registry()) => ({
  ...httpMetrics([registry]),
  ...appendMetrics([registry]),
  ...projectionMetrics([registry]),
  ...rebuildMetrics([registry]),
  ...effectMetrics([registry]),
  /** Adds what Node tells of itself. Once for each registry. */
  ofTheProcess: (): void => {
    collectDefaultMetrics({ register: registry });
  },
  /** The exposition format of Prometheus, and its media type. */
  exposed: async () => ({ type: registry.contentType, text: await registry.metrics() }),
});
export type Metrics = ReturnType<typeof metrics>;
