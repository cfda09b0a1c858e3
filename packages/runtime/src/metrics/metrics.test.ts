import { describe, expect, it } from 'vitest';
import { makeMetrics } from './metrics.ts';

const TABLE = {
  objects: {
    kind: 'counter',
    unit: 'total',
    description: 'Objects by outcome.',
    labels: { outcome: ['created', 'failed'], type: ['user'] },
  },
  requestDuration: { kind: 'histogram', unit: 'seconds', description: 'Time to answer.', buckets: [0.1, 1] },
  openLinks: {
    kind: 'gauge',
    unit: 'objects',
    description: 'Links open now.',
    labels: { gateway: undefined },
  },
} as const;

describe('metrics', () => {
  it('starts every counter at zero, for each combination of known labels', async () => {
    const text = await makeMetrics('sallyport', TABLE, { processMetrics: false }).text();
    expect(text).toContain('sallyport_objects_total{outcome="created",type="user"} 0');
    expect(text).toContain('sallyport_objects_total{outcome="failed",type="user"} 0');
    expect(text).toContain('# HELP sallyport_request_duration_seconds Time to answer.');
  });

  it('counts, sets and observes', async () => {
    const metrics = makeMetrics('sallyport', TABLE, { processMetrics: false });
    metrics.of.objects.add({ outcome: 'failed', type: 'user' }, 3);
    metrics.of.openLinks.set(2, { gateway: 'g1' });
    metrics.of.requestDuration.observe(0.5);
    const text = await metrics.text();
    expect(text).toContain('sallyport_objects_total{outcome="failed",type="user"} 3');
    expect(text).toContain('sallyport_open_links_objects{gateway="g1"} 2');
    expect(text).toContain('sallyport_request_duration_seconds_bucket{le="1"} 1');
  });

  it('names plain numbers without a unit, and forgets labels that are gone', async () => {
    const metrics = makeMetrics('sallyport', {
      rulePush: { kind: 'gauge', unit: 'none', description: 'Push is on.', labels: { rule: undefined } },
    });
    metrics.of.rulePush.set(1, { rule: 'old' });
    metrics.of.rulePush.reset();
    metrics.of.rulePush.set(0, { rule: 'new' });
    const text = await metrics.text();
    expect(text).toContain('sallyport_rule_push{rule="new"} 0');
    expect(text).not.toContain('rule="old"');
  });

  it('keeps two registries apart', async () => {
    const first = makeMetrics('sallyport', TABLE, { processMetrics: false });
    makeMetrics('sallyport', TABLE, { processMetrics: false }).of.openLinks.set(1, { gateway: 'other' });
    expect(await first.text()).not.toContain('other');
  });
});
