// Longer than other files: the whole interface, one line for each operation, and nothing else.

import { appendActivities } from './activity/append-activities.ts';
import { listActivities } from './activity/list-activities.ts';
import { pruneActivities } from './activity/prune-activities.ts';
import { createApplication } from './application/create-application.ts';
import { getApplication } from './application/get-application.ts';
import { listApplications } from './application/list-applications.ts';
import { removeApplication } from './application/remove-application.ts';
import { updateApplication } from './application/update-application.ts';
import { createCredential } from './credential/create-credential.ts';
import { getCredential } from './credential/get-credential.ts';
import { listCredentials } from './credential/list-credentials.ts';
import { markCredentialUsed } from './credential/mark-credential-used.ts';
import { revokeCredential } from './credential/revoke-credential.ts';
import { createEnvironment } from './environment/create-environment.ts';
import { getEnvironment } from './environment/get-environment.ts';
import { listEnvironments } from './environment/list-environments.ts';
import { removeEnvironment } from './environment/remove-environment.ts';
import { updateEnvironment } from './environment/update-environment.ts';
import { createGateway } from './gateway/create-gateway.ts';
import { getGateway } from './gateway/get-gateway.ts';
import { listGateways } from './gateway/list-gateways.ts';
import { removeGateway } from './gateway/remove-gateway.ts';
import { updateGateway } from './gateway/update-gateway.ts';
import { makeGroupStore } from './group/group-store.ts';
import { disconnectInstances } from './instance/disconnect-instances.ts';
import { getInstance } from './instance/get-instance.ts';
import { listInstances } from './instance/list-instances.ts';
import { removeInstance } from './instance/remove-instance.ts';
import { saveInstance } from './instance/save-instance.ts';
import { acquireLease } from './lease/acquire-lease.ts';
import { leaseHolder } from './lease/lease-holder.ts';
import { releaseLease } from './lease/release-lease.ts';
import { renewLease } from './lease/renew-lease.ts';
import { createMapping } from './mapping/create-mapping.ts';
import { getMapping } from './mapping/get-mapping.ts';
import { listMappings } from './mapping/list-mappings.ts';
import { removeMapping } from './mapping/remove-mapping.ts';
import { updateMapping } from './mapping/update-mapping.ts';
import { makeMembershipStore } from './membership/membership-store.ts';
import { makeNestingStore } from './membership/nesting-store.ts';
import { objectVersions } from './object/object-versions.ts';
import { makePasswordStore } from './password/password-store.ts';
import { createPlan } from './plan/create-plan.ts';
import { getPlan } from './plan/get-plan.ts';
import { listPlans } from './plan/list-plans.ts';
import { removePlan } from './plan/remove-plan.ts';
import { updatePlan } from './plan/update-plan.ts';
import { createPopulation } from './population/create-population.ts';
import { getDefaultPopulation, getPopulation } from './population/get-population.ts';
import { listPopulations } from './population/list-populations.ts';
import { removePopulation } from './population/remove-population.ts';
import { updatePopulation } from './population/update-population.ts';
import { createPropagationStore } from './propagation-store/create-propagation-store.ts';
import { getPropagationStore } from './propagation-store/get-propagation-store.ts';
import { listPropagationStores } from './propagation-store/list-propagation-stores.ts';
import { removePropagationStore } from './propagation-store/remove-propagation-store.ts';
import { updatePropagationStore } from './propagation-store/update-propagation-store.ts';
import { createRevision } from './revision/create-revision.ts';
import { getRevision } from './revision/get-revision.ts';
import { latestRevision } from './revision/latest-revision.ts';
import { listRevisions } from './revision/list-revisions.ts';
import { revisionSnapshot } from './revision/revision-snapshot.ts';
import { createRule } from './rule/create-rule.ts';
import { getRule } from './rule/get-rule.ts';
import { listRules } from './rule/list-rules.ts';
import { removeRule } from './rule/remove-rule.ts';
import { updateRule } from './rule/update-rule.ts';
import { getSecret } from './secret/get-secret.ts';
import { listSecrets } from './secret/list-secrets.ts';
import { putSecret } from './secret/put-secret.ts';
import { removeSecret } from './secret/remove-secret.ts';
import type { Session } from './session.ts';
import { getSetting } from './setting/get-setting.ts';
import { listSettings } from './setting/list-settings.ts';
import { putSetting } from './setting/put-setting.ts';
import { removeSetting } from './setting/remove-setting.ts';
import type { Store } from './store.ts';
import { countHeld } from './sync/count-held.ts';
import { getRuleSync } from './sync/get-rule-sync.ts';
import { heldByOthers } from './sync/held-by-others.ts';
import { listHeld } from './sync/list-held.ts';
import { listHeldMembers } from './sync/list-held-members.ts';
import { listJournal } from './sync/list-journal.ts';
import { listLinks } from './sync/list-links.ts';
import { listRuleSyncs } from './sync/list-rule-syncs.ts';
import { getRun, listRuns } from './sync/list-runs.ts';
import { connectionOf } from './sync/open-transactions.ts';
import { pruneRuns } from './sync/prune-runs.ts';
import { removeRuleSync } from './sync/remove-rule-sync.ts';
import { syncCounters } from './sync/sync-counters.ts';
import { makeSyncState } from './sync/sync-state.ts';
import { syncedRules } from './sync/synced-rules.ts';
import { readUsers } from './user/bulk-read.ts';
import { createUser } from './user/create-user.ts';
import { getUser } from './user/get-user.ts';
import { listUsers } from './user/list-users.ts';
import { matchUsers } from './user/match-users.ts';
import { patchUser } from './user/patch-user.ts';
import { removeUser } from './user/remove-user.ts';
import { replaceUser } from './user/replace-user.ts';
import { setUserEnabled } from './user/set-user-enabled.ts';
import { setUserPopulation } from './user/set-user-population.ts';
import { setUserState } from './user/set-user-state.ts';
import { userChangesSince } from './user/user-changes-since.ts';
import { writeUsers } from './user/write-users.ts';

/** Binds every operation to one session. */
export function composeStore(s: Session, close: () => Promise<void>): Store {
  return {
    environments: {
      create: (environment) => createEnvironment(s, environment),
      get: (id) => getEnvironment(s.db, id),
      list: (request) => listEnvironments(s, request),
      update: (id, change) => updateEnvironment(s, id, change),
      remove: (id) => removeEnvironment(s, id),
    },
    populations: {
      create: (population) => createPopulation(s, population),
      get: async (environmentId, id) => {
        const number = s.numbers.readEnvironment(s.reader, environmentId);
        return number === undefined ? undefined : getPopulation(s.reader, number, environmentId, id);
      },
      list: (environmentId, request) => listPopulations(s, environmentId, request),
      update: (environmentId, id, change) => updatePopulation(s, environmentId, id, change),
      remove: (environmentId, id) => removePopulation(s, environmentId, id),
      default: async (environmentId) => {
        const number = s.numbers.readEnvironment(s.reader, environmentId);
        return number === undefined ? undefined : getDefaultPopulation(s.reader, number, environmentId);
      },
    },
    users: {
      create: (user) => createUser(s, user),
      get: async (environmentId, id) => getUser(s, environmentId, id),
      list: (environmentId, request) => listUsers(s, environmentId, request),
      replace: (environmentId, id, profile) => replaceUser(s, environmentId, id, profile),
      patch: (environmentId, id, patch) => patchUser(s, environmentId, id, patch),
      setEnabled: (environmentId, id, enabled) => setUserEnabled(s, environmentId, id, enabled),
      setPopulation: (environmentId, id, populationId) =>
        setUserPopulation(s, environmentId, id, populationId),
      setState: (environmentId, id, state) => setUserState(s, environmentId, id, state),
      remove: (environmentId, id) => removeUser(s, environmentId, id),
      changesSince: async (environmentId, sequence, limit) =>
        userChangesSince(s, environmentId, sequence, limit),
      versions: async (environmentId, ids) => objectVersions(s, 'users', environmentId, ids),
      readMany: async (environmentId, ids) => readUsers(s, environmentId, ids),
      match: (environmentId, attribute, values) => matchUsers(s, environmentId, attribute, values),
      writeMany: async (environmentId, writes, transaction) =>
        transaction === undefined
          ? s.write(({ connection }) => writeUsers(connection, s.numbers, environmentId, writes))
          : writeUsers(connectionOf(transaction), s.numbers, environmentId, writes),
    },
    passwords: makePasswordStore(s),
    groups: makeGroupStore(s),
    memberships: makeMembershipStore(s),
    nestings: makeNestingStore(s),
    gateways: {
      create: (gateway) => createGateway(s, gateway),
      get: (environmentId, id) => getGateway(s.db, environmentId, id),
      list: (environmentId, request) => listGateways(s, environmentId, request),
      update: (environmentId, id, change) => updateGateway(s, environmentId, id, change),
      remove: (environmentId, id) => removeGateway(s, environmentId, id),
    },
    credentials: {
      create: (credential) => createCredential(s, credential),
      get: (environmentId, id) => getCredential(s, environmentId, id),
      list: (environmentId, gatewayId) => listCredentials(s, environmentId, gatewayId),
      markUsed: (environmentId, id, at) => markCredentialUsed(s, environmentId, id, at),
      revoke: (environmentId, id) => revokeCredential(s, environmentId, id),
    },
    instances: {
      save: (instance) => saveInstance(s, instance),
      get: (environmentId, gatewayId, id) => getInstance(s, environmentId, gatewayId, id),
      list: (environmentId, gatewayId) => listInstances(s, environmentId, gatewayId),
      remove: (environmentId, gatewayId, id) => removeInstance(s, environmentId, gatewayId, id),
      disconnectAll: () => disconnectInstances(s),
    },
    plans: {
      create: (plan) => createPlan(s, plan),
      get: (environmentId, id) => getPlan(s.db, environmentId, id),
      list: (environmentId, request) => listPlans(s, environmentId, request),
      update: (environmentId, id, change) => updatePlan(s, environmentId, id, change),
      remove: (environmentId, id) => removePlan(s, environmentId, id),
    },
    stores: {
      create: (store) => createPropagationStore(s, store),
      get: (environmentId, id) => getPropagationStore(s.db, environmentId, id),
      list: (environmentId, request) => listPropagationStores(s, environmentId, request),
      update: (environmentId, id, change) => updatePropagationStore(s, environmentId, id, change),
      remove: (environmentId, id) => removePropagationStore(s, environmentId, id),
    },
    rules: {
      create: (rule) => createRule(s, rule),
      get: (environmentId, id) => getRule(s.db, environmentId, id),
      list: (environmentId, request) => listRules(s, environmentId, request),
      update: (environmentId, id, change) => updateRule(s, environmentId, id, change),
      remove: (environmentId, id) => removeRule(s, environmentId, id),
    },
    mappings: {
      create: (mapping) => createMapping(s, mapping),
      get: (environmentId, id) => getMapping(s.db, environmentId, id),
      list: (environmentId, ruleId, request) => listMappings(s, environmentId, ruleId, request),
      update: (environmentId, id, change) => updateMapping(s, environmentId, id, change),
      remove: (environmentId, id) => removeMapping(s, environmentId, id),
    },
    revisions: {
      create: (revision) => createRevision(s, revision),
      get: (environmentId, id) => getRevision(s, environmentId, id),
      latest: (environmentId) => latestRevision(s, environmentId),
      snapshot: (environmentId, id) => revisionSnapshot(s, environmentId, id),
      list: (environmentId, request) => listRevisions(s, environmentId, request),
    },
    runs: {
      get: async (environmentId, id) => getRun(s, environmentId, id),
      list: async (environmentId, request) => listRuns(s, environmentId, request),
      prune: (environmentId, ruleId, limits, signal) => pruneRuns(s, environmentId, ruleId, limits, signal),
    },
    journal: { list: async (environmentId, request) => listJournal(s, environmentId, request) },
    held: {
      list: async (environmentId, request) => listHeld(s, environmentId, request),
      listMembers: async (environmentId, request) => listHeldMembers(s, environmentId, request),
      count: async (environmentId, ruleId, runId) => countHeld(s, environmentId, ruleId, runId),
    },
    links: {
      counters: async (environmentId, ruleId, objectType, refusedSince) =>
        syncCounters(s, environmentId, ruleId, objectType, refusedSince),
      list: async (environmentId, ruleId, request) => listLinks(s, environmentId, ruleId, request),
      heldByOthers: async (environmentId, ruleId, objectType, targetIds) =>
        heldByOthers(s, environmentId, ruleId, objectType, targetIds),
      syncedRules: async (environmentId, objectType, targetId) =>
        syncedRules(s, environmentId, objectType, targetId),
    },
    ruleSyncs: {
      get: async (environmentId, ruleId) => getRuleSync(s, environmentId, ruleId),
      list: async (environmentId) => listRuleSyncs(s, environmentId),
      remove: (environmentId, ruleId) => removeRuleSync(s, environmentId, ruleId),
    },
    leases: {
      acquire: (environmentId, name, holder, ttlMs) => acquireLease(s, environmentId, name, holder, ttlMs),
      renew: (environmentId, name, holder, ttlMs) => renewLease(s, environmentId, name, holder, ttlMs),
      release: (environmentId, name, holder) => releaseLease(s, environmentId, name, holder),
      holder: async (environmentId, name) => leaseHolder(s, environmentId, name),
    },
    applications: {
      create: (application) => createApplication(s, application),
      get: (environmentId, id) => getApplication(s.db, environmentId, id),
      list: (environmentId, request) => listApplications(s, environmentId, request),
      update: (environmentId, id, change) => updateApplication(s, environmentId, id, change),
      remove: (environmentId, id) => removeApplication(s, environmentId, id),
    },
    activities: {
      append: (activities) => appendActivities(s, activities),
      list: (environmentId, request) => listActivities(s, environmentId, request),
      prune: (before, signal) => pruneActivities(s, before, signal),
    },
    secrets: {
      put: (scope, ownerId, name, sealed) => putSecret(s, scope, ownerId, name, sealed),
      get: (scope, ownerId, name) => getSecret(s, scope, ownerId, name),
      list: (scope, ownerId) => listSecrets(s, scope, ownerId),
      remove: (scope, ownerId, name) => removeSecret(s, scope, ownerId, name),
    },
    settings: {
      put: (scope, name, value) => putSetting(s, scope, name, value),
      get: async (scope, name) => getSetting(s, scope, name),
      list: async (scope) => listSettings(s, scope),
      remove: (scope, name) => removeSetting(s, scope, name),
    },
    syncState: (environmentId, ruleId, revisionId) => makeSyncState(s, environmentId, ruleId, revisionId),
    close,
  };
}
