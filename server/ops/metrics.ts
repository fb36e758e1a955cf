import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { QueueSize } from '#server/store/queue.ts';

export interface Metrics {
  /** An answer of a door: its route and `kept`, or the code of the refusal. */
  readonly answered: (route: string, outcome: string) => void;
  readonly onCommitted: (deliveries: number, seconds: number) => void;
  readonly onWorked: (counts: { readonly worked: number; readonly setAside: number }) => void;
  readonly defect: () => void;
  readonly text: (size: QueueSize | null) => Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const answers = new Counter({
    name: 'blitzrocket_answers_total',
    help: 'Answers by route and outcome.',
    labelNames: ['route', 'outcome'],
    registers,
  });
  const commitSeconds = new Histogram({
    name: 'blitzrocket_commit_seconds',
    help: 'From the first delivery of a batch to its commit.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  const batch = new Histogram({
    name: 'blitzrocket_commit_deliveries',
    help: 'Deliveries in one commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  });
  const facts = new Counter({ name: 'blitzrocket_facts_worked_total', help: 'Facts worked through.', registers });
  const aside = new Counter({
    name: 'blitzrocket_facts_set_aside_total',
    help: 'Times that working a fact through failed.',
    registers,
  });
  const defects = new Counter({
    name: 'blitzrocket_defects_total',
    help: 'Errors of our own; each has a line in the log.',
    registers,
  });
  const queue = new Gauge({
    name: 'blitzrocket_facts',
    help: 'Facts by where they stand.',
    labelNames: ['state'],
    registers,
  });
  return {
    answered: (route, outcome) => answers.inc({ route, outcome }),
    onCommitted: (deliveries, seconds) => {
      batch.observe(deliveries);
      commitSeconds.observe(seconds);
    },
    onWorked: (counts) => {
      facts.inc(counts.worked);
      aside.inc(counts.setAside);
    },
    defect: () => defects.inc(),
    text: async (size) => {
      queue.reset();
      for (const [state, count] of Object.entries(size ?? {})) queue.set({ state }, count);
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
