// Longer than a page: preparing and planning share the state of a batch in flight. What it decides is in files of its own.

import { compareAttributes } from '../compare/compare-attributes.ts';
import { type Correlation, correlate } from '../correlate/correlate.ts';
import { decide } from '../decide/decide.ts';
import type { SourceState } from '../decide/plan.ts';
import type { SeenLinks } from '../guard/seen-links.ts';
import type { CompiledMappings, MappedObject } from '../mapping/compiled-mappings.ts';
import type { Mapper } from '../mapping/map-object.ts';
import { belongingOf, withGroupsLeft } from '../membership/belonging.ts';
import { type PopulationAnswer, settleOnboarding } from '../onboarding/onboarding.ts';
import type { ReadableState, ReadableTarget } from '../port/readable.ts';
import type { SourceObject } from '../port/source.ts';
import type { Link } from '../port/sync-state.ts';
import type { TargetObject } from '../port/target.ts';
import type { Permissions } from '../rule/permissions.ts';
import { makeClaims } from './claims.ts';
import type { PlannedObject, PreparedObject } from './planned-object.ts';

export interface PlannerParts {
  readonly mappings: CompiledMappings;
  readonly mapper: Mapper;
  readonly permissions: Permissions;
  readonly target: ReadableTarget;
  readonly state: ReadableState;
  readonly graceMs: number;
  readonly now: () => number;
  /** A preview changes nothing, so what earlier batches would have created must be remembered here. */
  readonly rememberClaims: boolean;
  /** Undefined where the rule does not look at groups, which then costs nothing. */
  readonly naming?: Naming | undefined;
}

export interface Naming {
  readonly referenceOf: (place: string) => string;
  /** The links were made without references: all of them are written once more. */
  readonly relink: boolean;
  /** Memberships are synced. */
  readonly members: boolean;
}

/** A batch after its objects were looked at: `objects` need a plan, `unchanged` were recognised without decoding. */
export interface PreparedBatch {
  readonly objects: readonly PreparedObject[];
  readonly unchanged: number;
  /** Keys whose links were looked up while the batch before was being written; they are looked up again. */
  readonly stale: ReadonlySet<string>;
}

const NO_TARGETS: readonly TargetObject[] = [];
const NO_WAITS: PlannedObject['waits'] = [];
const NO_POPULATIONS: ReadonlyMap<string, PopulationAnswer> = new Map();

/**
 * Turns batches of source objects into plans. `prepare` needs the objects alive and may run while the batch before it is
 * still being written; `plan` must not, because it looks up what that batch wrote.
 */
export class BatchPlanner {
  readonly #parts: PlannerParts;
  readonly #suffix: string;
  readonly #claims;
  #seen: SeenLinks | undefined;
  /** Keys of the batch being written: what was read about them from the state may be old. */
  #inFlight: ReadonlySet<string> = new Set();

  constructor(parts: PlannerParts) {
    this.#parts = parts;
    // An empty group looks the same to a run that asks for members as to one that does not.
    const membersUnasked = parts.mappings.objectType === 'group' && parts.naming?.members !== true;
    this.#suffix = `.${parts.mappings.digest}${membersUnasked ? '-' : ''}`;
    this.#claims = makeClaims(parts.mappings.matching.target.comparison, parts.rememberClaims);
  }

  /** From here on every object read is marked in `seen`, and one key in two places is refused; undefined for deltas. */
  markIn(seen: SeenLinks | undefined): void {
    this.#seen = seen;
  }

  async prepare(objects: readonly SourceObject[]): Promise<PreparedBatch> {
    const { state, target, mappings } = this.#parts;
    const stale = this.#inFlight;
    const keys: string[] = [];
    for (const object of objects) if (object.key !== '') keys.push(object.key);
    const links = await state.linksByKeys(mappings.objectType, keys);
    const candidates: string[] = [];
    const { naming } = this.#parts;
    if (!mappings.usesClock && links.size > 0 && naming?.relink !== true) {
      for (const object of objects) {
        const link = links.get(object.key);
        if (link?.targetId !== undefined && this.#looksUnchanged(object, link, stale))
          candidates.push(link.targetId);
      }
    }
    const versions =
      candidates.length > 0
        ? await target.versions(mappings.objectType, candidates)
        : new Map<string, number>();
    const prepared: PreparedObject[] = [];
    const places = new Map<string, number>();
    let unchanged = 0;
    for (const object of objects) {
      const link = links.get(object.key);
      if (
        versions.size > 0 &&
        link?.targetId !== undefined &&
        versions.get(link.targetId) === link.targetVersion &&
        this.#looksUnchanged(object, link, stale) &&
        (places.size === 0 || !places.has(object.key))
      ) {
        this.#seen?.add(link.number);
        unchanged += 1;
        continue;
      }
      const earlier = object.key === '' ? undefined : places.get(object.key);
      const made = this.#prepareOne(object, link);
      if (earlier === undefined) {
        if (object.key !== '') places.set(object.key, prepared.length);
        prepared.push(made);
      } else prepared[earlier] = this.#twice(prepared[earlier], made);
    }
    return { objects: prepared, unchanged, stale };
  }

  #looksUnchanged(object: SourceObject, link: Link, stale: ReadonlySet<string>): boolean {
    return (
      link.status === 'SUCCESS' &&
      link.presence === 'inScope' &&
      link.fingerprint !== '' &&
      link.fingerprint === this.#fingerprintOf(object) &&
      (stale.size === 0 || !stale.has(object.key))
    );
  }

  /** Empty stays empty: of such an object only a comparison tells whether it changed. */
  #fingerprintOf(object: SourceObject): string {
    const { fingerprint } = object;
    return fingerprint === '' ? '' : fingerprint + this.#suffix;
  }

  #prepareOne(object: SourceObject, link: Link | undefined): PreparedObject {
    const { mapper, mappings, naming } = this.#parts;
    const { key, place } = object;
    const base = {
      key,
      place,
      fingerprint: this.#fingerprintOf(object),
      link,
      onboarding: mapper.onboarding(object),
      belonging: naming === undefined ? undefined : belongingOf(object, naming.members),
    };
    if (object.fault !== undefined && key !== '') {
      const failure = { code: object.fault.code, reason: object.fault.message };
      return { ...base, label: place, mapped: undefined, matchingValue: '', failure };
    }
    const result = mapper.map(object);
    if (!result.ok) {
      const { failure } = result;
      const named = mapper.value(mappings.matching, object);
      const label = 'values' in named ? (named.values[0] ?? place) : place;
      const refused =
        key === ''
          ? emptyKey(place)
          : { code: failure.code, reason: `could not be mapped: ${failure.message}` };
      return { ...base, label, mapped: undefined, matchingValue: '', failure: refused };
    }
    const { name } = mappings.matching.target;
    const matchingValue = result.object.attributes[name]?.[0] ?? '';
    let failure: PreparedObject['failure'];
    if (key === '') failure = emptyKey(place);
    else if (matchingValue === '')
      failure = {
        code: 'EMPTY_MATCHING_VALUE',
        reason: `mapping ${JSON.stringify(mappings.matching.name)} gives no ${name}, by which objects are matched`,
      };
    return {
      ...base,
      label: matchingValue === '' ? place : matchingValue,
      mapped: result.object,
      matchingValue,
      failure,
    };
  }

  /** The same key twice: the same entry read again (the later answer counts), or two entries that say they are one. */
  #twice(first: PreparedObject | undefined, second: PreparedObject): PreparedObject {
    if (this.#seen === undefined || first === undefined || first.place === second.place) return second;
    return { ...second, failure: duplicateKey(second.key, first.place, second.place) };
  }

  /**
   * What is to happen to prepared objects. The batch before must have been written. `reread`: the objects were asked for
   * by key, so that one met before is not the same key in two places.
   */
  async plan(batch: PreparedBatch, reread: boolean): Promise<readonly PlannedObject[]> {
    const { state, target, mappings } = this.#parts;
    const { objectType } = mappings;
    const fresh = await this.#withFreshLinks(batch, reread);
    const ids: string[] = [];
    for (const { link, failure } of fresh)
      if (failure === undefined && link?.targetId !== undefined) ids.push(link.targetId);
    const targets = ids.length > 0 ? await target.readMany(objectType, ids) : new Map<string, TargetObject>();
    const wanted = new Set<string>();
    for (const { link, failure, matchingValue } of fresh)
      if (failure === undefined && liveTarget(link, targets) === undefined) wanted.add(matchingValue);
    const matches =
      wanted.size > 0
        ? await target.match(objectType, mappings.matching.target.name, [...wanted])
        : new Map<string, readonly TargetObject[]>();
    const matchedIds = new Set<string>();
    for (const found of matches.values()) for (const match of found) matchedIds.add(match.id);
    const holders =
      matchedIds.size > 0 ? await state.linksByTargets(objectType, [...matchedIds]) : new Map<string, Link>();

    const owners =
      matchedIds.size > 0 && objectType === 'group'
        ? await target.heldByOthers?.(objectType, [...matchedIds])
        : undefined;
    const populations = await this.#populations(fresh, targets);
    const claims = this.#claims.begin();
    for (const object of fresh)
      if (object.failure === undefined && liveTarget(object.link, targets) !== undefined)
        claims.claim(object.matchingValue, object);
    const planned: PlannedObject[] = [];
    for (const object of fresh) {
      const { link } = object;
      if (object.failure !== undefined || object.mapped === undefined) {
        planned.push(this.#refused(object));
        continue;
      }
      let correlation: Correlation = correlate({
        place: object.place,
        link,
        linkedTarget: liveTarget(link, targets),
        matchingAttribute: mappings.matching.target.name,
        matchingValue: object.matchingValue,
        matches: matches.get(object.matchingValue) ?? NO_TARGETS,
        holderOf: (targetId) => holders.get(targetId),
        otherRuleOf: owners === undefined ? undefined : (targetId) => owners.get(targetId),
      });
      if (correlation.kind === 'none' || correlation.kind === 'matched') {
        const other = claims.claim(object.matchingValue, object);
        if (other !== undefined)
          correlation = {
            kind: 'conflict',
            code: 'DUPLICATE_MATCHING_VALUE',
            reason: `${mappings.matching.target.name} = ${object.matchingValue} is also the value of ${other.place} (${other.key}) in the same run, not only of ${object.place} (${object.key})`,
          };
      }
      const onboarding =
        correlation.kind === 'none'
          ? settleOnboarding(object.onboarding, populations, target.onboarding?.passwordFault)
          : undefined;
      planned.push(this.#planOne({ ...object, onboarding }, object.mapped, correlation));
    }
    return planned;
  }

  /** The populations that objects without a target may need, asked for all at once. */
  async #populations(
    objects: readonly PreparedObject[],
    targets: ReadonlyMap<string, TargetObject>,
  ): Promise<ReadonlyMap<string, PopulationAnswer>> {
    const texts = new Set<string>();
    if (this.#parts.mappings.onboarding?.population !== undefined)
      for (const { onboarding, link } of objects)
        if (onboarding?.ok === true && liveTarget(link, targets) === undefined) {
          const { population } = onboarding.onboarding;
          if (population !== undefined) texts.add(population.text);
        }
    if (texts.size === 0) return NO_POPULATIONS;
    return (await this.#parts.target.onboarding?.populations([...texts])) ?? NO_POPULATIONS;
  }

  /** Call with the batch that is about to be written, before the next one is prepared. */
  writing(batch: PreparedBatch): void {
    this.#inFlight = new Set(batch.objects.map((object) => object.key));
  }

  async #withFreshLinks(
    { objects, stale }: PreparedBatch,
    reread: boolean,
  ): Promise<readonly PreparedObject[]> {
    const keys = stale.size === 0 ? [] : objects.map((object) => object.key).filter((key) => stale.has(key));
    const links =
      keys.length === 0
        ? undefined
        : await this.#parts.state.linksByKeys(this.#parts.mappings.objectType, keys);
    const seen = this.#seen;
    if (links === undefined && seen === undefined) return objects;
    return objects.map((object) => {
      const made =
        links !== undefined && stale.has(object.key) ? { ...object, link: links.get(object.key) } : object;
      const { link } = made;
      if (seen === undefined || link === undefined) return made;
      if (seen.add(link.number) || reread || link.place === made.place || made.failure !== undefined)
        return made;
      return { ...made, failure: duplicateKey(made.key, link.place, made.place) };
    });
  }

  #planOne(object: PreparedObject, mapped: MappedObject, correlation: Correlation): PlannedObject {
    const { mappings } = this.#parts;
    const target =
      correlation.kind === 'linked' || correlation.kind === 'matched' ? correlation.target : undefined;
    const differences =
      target === undefined ? [] : compareAttributes(mappings.plain, mapped.attributes, target.attributes);
    return this.#decided(
      object,
      {
        kind: 'present',
        active: mapped.active,
        attributes: mapped.attributes,
        differences,
        onboarding: object.onboarding,
      },
      correlation,
      target,
    );
  }

  #refused(object: PreparedObject): PlannedObject {
    const failure = object.failure ?? { code: 'NOT_MAPPED', reason: 'could not be mapped' };
    return this.#decided(
      object,
      { kind: 'refused', code: failure.code, reason: failure.reason },
      { kind: 'none', linkedGone: false },
      undefined,
    );
  }

  #decided(
    object: Pick<PreparedObject, 'key' | 'place' | 'label' | 'fingerprint' | 'link' | 'belonging'>,
    source: SourceState,
    correlation: Correlation,
    target: TargetObject | undefined,
  ): PlannedObject {
    const { permissions, mappings, graceMs } = this.#parts;
    return {
      key: object.key,
      place: object.place,
      label: object.label,
      fingerprint: object.fingerprint,
      link: object.link,
      plan: decide({
        permissions,
        source,
        link: object.link,
        correlation,
        masked: mappings.masked,
        activeAttribute: mappings.activeAttribute,
        graceMs,
        now: this.#parts.now(),
      }),
      targetVersion: target?.version ?? object.link?.targetVersion ?? 0,
      belonging: object.belonging,
      relink: this.#parts.naming?.relink === true,
      waits: NO_WAITS,
      vacates: undefined,
    };
  }

  /** Plans for links whose source objects are gone. */
  async planGone(gone: readonly GoneLink[]): Promise<readonly PlannedObject[]> {
    const { target, state, mappings, naming } = this.#parts;
    const ids: string[] = [];
    for (const { link } of gone) if (link.targetId !== undefined) ids.push(link.targetId);
    const targets =
      ids.length > 0 ? await target.readMany(mappings.objectType, ids) : new Map<string, TargetObject>();
    const planned = gone.map(({ link, how, detail }) => {
      const found = liveTarget(link, targets);
      const label = found?.attributes[mappings.matching.target.name]?.[0];
      return this.#decided(
        {
          key: link.sourceKey,
          place: link.place,
          label: label ?? link.place,
          fingerprint: '',
          link,
          // Whoever is out of scope is still found under the place it has now.
          belonging:
            naming === undefined
              ? undefined
              : {
                  reference: how === 'outOfScope' ? naming.referenceOf(link.place) : undefined,
                  otherReferences: undefined,
                  members: undefined,
                  memberOf: [],
                },
        },
        { kind: 'gone', how, detail },
        found === undefined ? { kind: 'none', linkedGone: true } : { kind: 'linked', target: found },
        found,
      );
    });
    if (naming?.members !== true) return planned;
    const places = gone.map(({ link, formerPlace }) => naming.referenceOf(formerPlace ?? link.place));
    return withGroupsLeft(planned, places, mappings.objectType, target, state);
  }
}

export interface GoneLink {
  readonly link: Link;
  /** Where it was when the rule last looked, if `link` names another place. */
  readonly formerPlace?: string | undefined;
  readonly how: 'deleted' | 'outOfScope';
  readonly detail: string;
}

function liveTarget(
  link: Link | undefined,
  targets: ReadonlyMap<string, TargetObject>,
): TargetObject | undefined {
  return link?.targetId === undefined ? undefined : targets.get(link.targetId);
}

function emptyKey(place: string): { readonly code: string; readonly reason: string } {
  return {
    code: 'EMPTY_KEY',
    reason: `the source sent no key for ${place}; check that the account may read the attribute that identifies objects`,
  };
}

function duplicateKey(
  key: string,
  first: string,
  second: string,
): { readonly code: string; readonly reason: string } {
  return {
    code: 'DUPLICATE_KEY',
    reason: `key ${key} was read twice in one run, at ${first} and at ${second}`,
  };
}
