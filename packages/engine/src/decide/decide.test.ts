import type { AttributeChange } from '@sallyport/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Correlation } from '../correlate/correlate.ts';
import type { TargetObject } from '../port/target.ts';
import { decide } from './decide.ts';
import type { DecideInput, LinkFacts, Plan } from './plan.ts';

const ATTRIBUTES = ['username', 'email', 'password'] as const;
const NOW = 1_000_000;

const values = fc.array(fc.constantFrom('a', 'b'), { maxLength: 1 });
const attributes = fc.record({ username: fc.constant(['ann']), email: values, password: values });
const permissions = fc.record({
  create: fc.boolean(),
  update: fc.boolean(),
  disable: fc.boolean(),
  deprovision: fc.boolean(),
  removeAction: fc.constantFrom('Disable' as const, 'Delete' as const),
  provisionDisabled: fc.boolean(),
});
const target: fc.Arbitrary<TargetObject> = fc.record({
  id: fc.constant('t1'),
  version: fc.nat(),
  active: fc.boolean(),
  attributes,
});
const link: fc.Arbitrary<LinkFacts> = fc.record({
  targetId: fc.constantFrom('t1', undefined),
  presence: fc.constantFrom('inScope' as const, 'outOfScope' as const, 'deleted' as const, 'kept' as const),
  status: fc.constantFrom('SUCCESS' as const, 'UNSYNCED' as const, 'HELD' as const, 'FAILED' as const),
  disabledByRule: fc.boolean(),
  deleteAfter: fc.option(fc.constantFrom(NOW - 1, NOW + 1), { nil: undefined }),
  reason: fc.constant(''),
  outcome: fc.constant('updated' as const),
});

interface World {
  readonly permissions: DecideInput['permissions'];
  readonly link: LinkFacts | undefined;
  readonly target: TargetObject | undefined;
  readonly source:
    | {
        readonly kind: 'present';
        readonly active: boolean | undefined;
        readonly attributes: TargetObject['attributes'];
      }
    | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
    | { readonly kind: 'gone'; readonly how: 'deleted' | 'outOfScope'; readonly detail: string };
  readonly conflict: boolean;
  readonly graceMs: number;
}

const worlds: fc.Arbitrary<World> = fc.record({
  permissions,
  link: fc.option(link, { nil: undefined }),
  target: fc.option(target, { nil: undefined }),
  source: fc.oneof(
    fc.record({
      kind: fc.constant('present' as const),
      active: fc.constantFrom(true, false, undefined),
      attributes,
    }),
    fc.constant({ kind: 'refused' as const, code: 'EMPTY_KEY', reason: 'no key' }),
    fc.record({
      kind: fc.constant('gone' as const),
      how: fc.constantFrom('deleted' as const, 'outOfScope' as const),
      detail: fc.constant('because'),
    }),
  ),
  conflict: fc.boolean(),
  graceMs: fc.constantFrom(0, 1000),
});

function differencesOf(source: World['source'], found: TargetObject | undefined): readonly AttributeChange[] {
  if (source.kind !== 'present' || found === undefined) return [];
  return ATTRIBUTES.flatMap((attribute) => {
    const before = found.attributes[attribute] ?? [];
    const after = source.attributes[attribute] ?? [];
    return before.join() === after.join() ? [] : [{ attribute, before, after }];
  });
}

function inputOf(world: World): DecideInput {
  const tied = world.link?.targetId !== undefined && world.target !== undefined;
  const correlation: Correlation = tied
    ? { kind: 'linked', target: world.target }
    : world.conflict
      ? { kind: 'conflict', code: 'SEVERAL_MATCHES', reason: 'several' }
      : world.target !== undefined
        ? { kind: 'matched', target: world.target, by: 'username = ann', linkedGone: false }
        : { kind: 'none', linkedGone: world.link?.targetId !== undefined };
  return {
    permissions: world.permissions,
    source:
      world.source.kind === 'present'
        ? { ...world.source, differences: differencesOf(world.source, world.target) }
        : world.source,
    link: world.link,
    correlation,
    masked: new Set(['password']),
    activeAttribute: 'enabled',
    graceMs: world.graceMs,
    now: NOW,
  };
}

/** The world after a plan: the write is done and the link says what the plan says. */
function after(world: World, plan: Plan): World {
  let found = world.target;
  const { write } = plan;
  if (write?.kind === 'create')
    found = { id: 't1', version: 1, active: write.active, attributes: write.attributes };
  else if (write?.kind === 'delete') found = undefined;
  else if (write?.kind === 'update' && found !== undefined) {
    const made: Record<string, readonly string[]> = { ...found.attributes };
    for (const change of write.changes) made[change.attribute] = change.after;
    found = { ...found, active: write.active ?? found.active, attributes: made };
  }
  const facts: LinkFacts = { ...plan, targetId: write?.kind === 'create' ? 't1' : plan.targetId };
  return { ...world, target: found, link: plan.removeLink ? undefined : facts };
}

describe('deciding', () => {
  test('has an answer for everything, and never writes and refuses at once', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const plan = decide(inputOf(world));
        expect(plan.reason).not.toBe('');
        if (['failed', 'conflict', 'unchanged', 'skipped', 'held'].includes(plan.outcome))
          expect(plan.write).toBeUndefined();
        else if (plan.outcome !== 'linked') expect(plan.write).toBeDefined();
        expect(plan.errorCode !== undefined).toBe(plan.outcome === 'failed' || plan.outcome === 'conflict');
        if (plan.write === undefined) expect(plan.changes).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('again after it was carried out, finds nothing left to write', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const plan = decide(inputOf(world));
        const second = decide(inputOf(after(world, plan)));
        expect(second.write).toBeUndefined();
        if (plan.write !== undefined && plan.status === 'SUCCESS') expect(second.outcome).toBe('unchanged');
      }),
      { numRuns: 2000 },
    );
  });

  test('writes mapped attributes only, does what is allowed only, and shows no secret', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const plan = decide(inputOf(world));
        const { write } = plan;
        const { permissions: may } = world;
        if (write?.kind === 'create') {
          expect(may.create).toBe(true);
          expect(ATTRIBUTES).toEqual(expect.arrayContaining(Object.keys(write.attributes)));
        }
        if (write?.kind === 'update') {
          if (world.source.kind === 'present') expect(may.update).toBe(true);
          if (write.active === false) expect(may.disable).toBe(true);
          for (const change of write.changes) expect(ATTRIBUTES).toContain(change.attribute);
        }
        if (write?.kind === 'delete')
          expect(world.source.kind === 'gone' && may.deprovision && may.removeAction === 'Delete').toBe(true);
        if (world.source.kind === 'gone' && write !== undefined) {
          expect(may.deprovision).toBe(true);
          expect(world.link?.targetId).toBeDefined();
          expect(world.link?.presence).not.toBe('kept');
        }
        for (const change of plan.changes)
          if (change.attribute === 'password')
            expect(change).toMatchObject({ masked: true, before: [], after: [] });
      }),
      { numRuns: 2000 },
    );
  });
});
