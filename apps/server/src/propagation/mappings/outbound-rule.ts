import {
  compileOutbound,
  makeUserValues,
  type OutboundRule,
  readOutboundSettings,
  type SourceUser,
} from '@sallyport/connectors';
import type { ExplanationBody } from '@sallyport/contract';
import { mappingsInForce } from '@sallyport/engine';
import { CodedError, newUuid, plainMapping, readUuid, type Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import type { RuleSpec } from '../../sync/rule-spec.ts';
import { outboundConfiguration } from '../rules/rule-faults.ts';
import { readOutboundTarget } from './outbound-ends.ts';

/**
 * An outbound rule with the mappings in force: its own, or the defaults of the directory it leads to.
 * @throws CodedError `INVALID_CONFIGURATION` with every fault of its settings
 */
export async function readOutboundRule(
  store: Store,
  directory: DirectoryAccess,
  spec: RuleSpec,
  signal: AbortSignal,
): Promise<OutboundRule> {
  const { dialect, schema } = await readOutboundTarget(store, directory, spec.target, signal);
  const { settings, faults } = readOutboundSettings(outboundConfiguration(spec, spec.rule), dialect);
  if (faults.length > 0)
    throw new CodedError(
      'INVALID_CONFIGURATION',
      `Rule ${JSON.stringify(spec.rule.name)} cannot place users: ${faults.map(({ message }) => message).join('; ')}`,
      { details: faults.map(({ key, message }) => ({ code: 'INVALID_VALUE', target: key, message })) },
    );
  const defaults = dialect.defaultMappings.map(({ targetAttribute, source }) =>
    plainMapping({ id: newUuid(), objectType: 'user', targetAttribute, source }),
  );
  return { mappings: mappingsInForce(spec.mappings, defaults, 'user'), settings, dialect, schema };
}

/** A user by id or username, as a rule reads it. */
export async function readSourceUser(
  store: Store,
  environmentId: Uuid,
  identifier: string,
): Promise<SourceUser | undefined> {
  const id = readUuid(identifier);
  let user = id === undefined ? undefined : await store.users.get(environmentId, id);
  if (user === undefined) {
    const matches = await store.users.match(environmentId, 'username', [identifier]);
    const matchedId = readUuid(matches.get(identifier)?.[0]?.id ?? '');
    user = matchedId === undefined ? undefined : await store.users.get(environmentId, matchedId);
  }
  if (user === undefined) return undefined;
  const { enabled, profile, populationId } = user;
  const population = await store.populations.get(environmentId, populationId);
  return { id: user.id, enabled, profile, population: { id: populationId, name: population?.name } };
}

/** What a rule would make of one user: each value, and the place in the directory. Nothing is written or looked up there. */
export function explainOutbound(
  rule: OutboundRule,
  user: SourceUser | undefined,
  identifier: string,
  now: number,
): ExplanationBody {
  if (user === undefined)
    return {
      found: false,
      reason: `The environment has no user ${JSON.stringify(identifier)}; try the id or the username`,
    };
  const { mapped, place, result } = compileOutbound(rule).explain(makeUserValues(user), now);
  return {
    found: true,
    reason: result.ok
      ? `The user makes the entry ${result.entry.dn.text}; rules out of the identity store are not run yet`
      : `${result.code}: ${result.message}`,
    sourceKey: user.id,
    ...(place.ok ? { place: place.dn.text } : {}),
    active: user.enabled,
    mapped: mapped.map(({ mapping, value }) => ({
      mapping: mapping.name,
      targetAttribute: mapping.target.name,
      values: 'values' in value && !mapping.masked ? [...value.values] : [],
      masked: mapping.masked,
      ...('code' in value ? { error: { code: value.code, message: value.message } } : {}),
    })),
  };
}
