import type { ExplanationBody } from '@sallyport/contract';
import type { Explanation } from '@sallyport/engine';
import { LINK_STATUSES } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { Store, SyncStateName } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { present, timestamp } from '../../http/hal.ts';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, pageRequest } from '../../http/paging.ts';
import { refuseValue } from '../../http/refuse.ts';
import { explainOutbound, readOutboundRule, readSourceUser } from '../mappings/outbound-rule.ts';
import { directionOf } from '../rules/direction.ts';
import { ruleOfRequest } from '../rules/rule-of-request.ts';
import { objectBody, targetNames } from './object-body.ts';
import type { RuleControl } from './rule-control.ts';
import { ruleStatusBody } from './rule-status-body.ts';
import { readSavedSpec } from './saved-spec.ts';

export interface RuleStateDependencies {
  readonly store: Store;
  readonly directory: DirectoryAccess;
  readonly control: RuleControl;
  readonly clock: Clock;
}

export function makeRuleStateHandlers({
  store,
  directory,
  control,
  clock,
}: RuleStateDependencies): HandlerGroup<'ruleState'> {
  return {
    readStatus: async ({ params }, context) => {
      const rule = await ruleOfRequest(store, params);
      return ruleStatusBody(store, rule, control.status(rule.id), clock.now(), context.addresses);
    },
    explain: async ({ params, body }, context) => {
      const rule = await ruleOfRequest(store, params);
      const spec = await readSavedSpec(store, rule.environmentId, rule.id);
      if (directionOf(spec.source.type) === 'OUTBOUND') {
        const outbound = await readOutboundRule(store, directory, spec, context.signal);
        const user = await readSourceUser(store, rule.environmentId, body.identifier);
        return explainOutbound(outbound, user, body.identifier, clock.now());
      }
      return explanationBody(
        await control.explain(rule.environmentId, rule.id, body.identifier, context.signal),
      );
    },
    listObjects: async ({ params, query }, context) => {
      const rule = await ruleOfRequest(store, params);
      const page = await store.links.list(rule.environmentId, rule.id, {
        ...pageRequest(query),
        status: readStatus(query.status),
        objectType: query.objectType,
        contains: query.contains,
      });
      const names = await targetNames(store, rule.environmentId, page.items);
      const bodies = page.items.map((link) => objectBody(link, names));
      return collectionBody(context, 'objects', bodies, page);
    },
  };
}

/** Where an object can stand; `status` of an object names its state. */
const STATES: readonly SyncStateName[] = [...LINK_STATUSES, 'REMOVED', 'KEPT'];

function readStatus(text: string | undefined): SyncStateName | undefined {
  if (text === undefined) return undefined;
  return (
    STATES.find((known) => known === text.toUpperCase()) ??
    refuseValue('INVALID_PARAMETER', 'status', `status must be one of ${STATES.join(', ')}, found ${text}`)
  );
}

function explanationBody(explanation: Explanation): ExplanationBody {
  if (!explanation.read) return { found: false, reason: explanation.reason };
  const { link, action } = explanation;
  return {
    found: true,
    reason: action.reason,
    sourceKey: explanation.key,
    place: explanation.place,
    ...present({ active: explanation.active }),
    scope: { inScope: explanation.scope.inScope, clause: explanation.scope.clause },
    ...(link === undefined
      ? {}
      : {
          link: {
            ...present({ targetId: link.targetId }),
            presence: link.presence,
            status: link.status,
            outcome: link.outcome,
            reason: link.reason,
            lastSyncAt: timestamp(link.lastSyncAt),
          },
        }),
    mapped: explanation.mapped.map(({ mapping, targetAttribute, values, masked, error }) => ({
      mapping,
      targetAttribute,
      values: [...values],
      masked,
      ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    })),
    action: {
      outcome: action.outcome,
      status: action.status,
      ...present({ errorCode: action.errorCode, targetId: action.targetId }),
      changes: action.changes.map((change) => ({
        attribute: change.attribute,
        before: [...change.before],
        after: [...change.after],
        ...present({ masked: change.masked }),
      })),
    },
  };
}
