import type { OPERATIONS, OperationAnswer } from '@sallyport/contract';
import { CodedError, type ErrorDetail, type Uuid } from '@sallyport/model';
import type { Revision, Store } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { allItems } from '../../http/all-items.ts';
import { type Addresses, environmentPath, timestamp } from '../../http/hal.ts';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, pageRequest } from '../../http/paging.ts';
import { Faults, found, idOf, invalidData } from '../../http/refuse.ts';
import type { OnboardingChecks } from '../rules/onboarding-faults.ts';
import { readRuleEnds } from '../rules/rule-ends.ts';
import { checkReadiness, checkRule } from '../rules/rule-faults.ts';

export interface RevisionDependencies {
  readonly store: Store;
  readonly directory: DirectoryAccess;
  readonly checks: OnboardingChecks;
  /** Told after a revision is committed: rules start and stop accordingly. */
  readonly onRevision: (environmentId: Uuid) => Promise<void>;
}

const LATEST = 'id:latest';

export function makeRevisionHandlers({
  store,
  directory,
  checks,
  onRevision,
}: RevisionDependencies): HandlerGroup<'revisions'> {
  /** Stores and mappings may have changed since a rule was activated: what takes effect is judged as it is now. */
  const assertReady = async (environmentId: Uuid, signal: AbortSignal): Promise<void> => {
    const rules = await allItems((request) => store.rules.list(environmentId, request));
    const details: ErrorDetail[] = [];
    for (const rule of rules.filter(({ active }) => active)) {
      const [source, target, mappings] = await Promise.all([
        store.stores.get(environmentId, rule.sourceStoreId),
        store.stores.get(environmentId, rule.targetStoreId),
        allItems((request) => store.mappings.list(environmentId, rule.id, request)),
      ]);
      if (source === undefined || target === undefined)
        throw new CodedError('REFERENCED', `The rule ${rule.name} names a store that is gone`);
      const ends = await readRuleEnds(store, directory, environmentId, source, target, signal);
      const faults = new Faults();
      await checkRule(checks, environmentId, rule, ends, faults);
      checkReadiness(ends, rule, mappings, faults);
      for (const fault of faults.details)
        details.push({
          ...fault,
          target: `rules.${rule.id}.${fault.target ?? ''}`,
          message: `Rule ${rule.name}: ${fault.message}`,
        });
    }
    if (details.length > 0) throw invalidData(details);
  };
  return {
    list: async ({ params, query }, context) => {
      const page = await store.revisions.list(idOf(params.environmentId, 'environment'), pageRequest(query));
      const bodies = page.items.map((revision) => revisionBody(revision, context.addresses));
      return collectionBody(context, 'revisions', bodies, page);
    },
    create: async ({ params }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      await assertReady(environmentId, context.signal);
      const revision = await store.revisions.create({
        environmentId,
        createdBy: context.actor.applicationId,
      });
      await onRevision(environmentId);
      return revisionBody(revision, context.addresses);
    },
    read: async ({ params }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const revision =
        params.revisionId === LATEST
          ? await store.revisions.latest(environmentId)
          : await store.revisions.get(environmentId, idOf(params.revisionId, 'revision'));
      return revisionBody(found(revision, 'revision'), context.addresses);
    },
  };
}

function revisionBody(
  revision: Revision,
  addresses: Addresses,
): OperationAnswer<typeof OPERATIONS.revisions.read> {
  const environment = environmentPath(revision.environmentId);
  return {
    _links: addresses.links(`${environment}/propagation/revisions/${revision.id}`, { environment }),
    id: revision.id,
    environment: { id: revision.environmentId },
    createdAt: timestamp(revision.createdAt),
    createdBy: { id: revision.createdBy },
    ...(revision.previousId === undefined ? {} : { previousRevision: { id: revision.previousId } }),
  };
}
