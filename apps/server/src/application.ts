import type { Clock, Log } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import type { FastifyInstance } from 'fastify';
import { makeActivityHandlers } from './activities/activity-handlers.ts';
import { makeAuditLog } from './activities/audit-log.ts';
import { makeApplicationHandlers } from './applications/application-handlers.ts';
import { makeEnvironmentHandlers } from './environments/environment-handlers.ts';
import { makeOrganizationHandlers, makeRoleHandlers } from './environments/organization.ts';
import { makeExpressionHandlers } from './expressions/expression-handlers.ts';
import type { DirectoryAccess } from './gateways/directory-access.ts';
import { makeGatewayHandlers } from './gateways/gateway-handlers.ts';
import type { InstanceRecords } from './gateways/instance-records.ts';
import { makeGroupHandlers } from './groups/group-handlers.ts';
import { makeMembershipHandlers } from './groups/membership-handlers.ts';
import { makeSyncedGroupHandlers } from './groups/synced-group-handlers.ts';
import { registerDocumentation } from './http/documentation.ts';
import { makeAddresses } from './http/hal.ts';
import type { Handlers } from './http/handlers.ts';
import { registerOperations } from './http/http-server.ts';
import type { GatewayHub } from './hub/gateway-hub.ts';
import { makePasswordHandlers } from './passwords/password-handlers.ts';
import type { DefaultPasswords } from './passwords/password-hash.ts';
import type { Passwords } from './passwords/password-service.ts';
import { makePopulationHandlers } from './populations/population-handlers.ts';
import { makeMappingHandlers } from './propagation/mappings/mapping-handlers.ts';
import { makePlanHandlers } from './propagation/plans/plan-handlers.ts';
import { makeRevisionHandlers } from './propagation/revisions/revision-handlers.ts';
import { makeRuleHandlers } from './propagation/rules/rule-handlers.ts';
import type { RuleControl } from './propagation/runs/rule-control.ts';
import { makeRuleStateHandlers } from './propagation/runs/rule-state-handlers.ts';
import { makeRunHandlers } from './propagation/runs/run-handlers.ts';
import { makeStoreHandlers } from './propagation/stores/store-handlers.ts';
import { makeSchemaHandlers } from './schemas/schema-handlers.ts';
import type { SealedSecrets } from './secrets/sealed-secrets.ts';
import { makeAuthenticate } from './tokens/authenticate.ts';
import type { SigningKey } from './tokens/signing-key.ts';
import { registerTokenEndpoint } from './tokens/token-endpoint.ts';
import type { TokenIssuer } from './tokens/token-issuer.ts';
import { makeUserHandlers } from './users/user-handlers.ts';

/** The parts the API stands on. */
export interface ApplicationDependencies {
  readonly store: Store;
  readonly secrets: SealedSecrets;
  readonly key: SigningKey;
  readonly tokens: TokenIssuer;
  readonly hub: GatewayHub;
  readonly instances: InstanceRecords;
  readonly directory: DirectoryAccess;
  readonly control: RuleControl;
  readonly passwords: Passwords;
  readonly defaultPasswords: DefaultPasswords;
  readonly publicUrl: () => string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Gives an HTTP server the whole API: tokens, operations, documentation. */
export function registerApi(server: FastifyInstance, dependencies: ApplicationDependencies): void {
  const { store, tokens, publicUrl, clock, log } = dependencies;
  registerTokenEndpoint(server, dependencies);
  registerDocumentation(server, publicUrl, dependencies.version);
  registerOperations(server, {
    store,
    log,
    authenticate: makeAuthenticate(store, tokens),
    handlers: makeHandlers(dependencies),
    addresses: makeAddresses(publicUrl),
    audit: makeAuditLog(store, clock, log),
  });
}

function makeHandlers(dependencies: ApplicationDependencies): Handlers {
  const { store, hub, directory, control, clock } = dependencies;
  const checks = { store, passwordFault: dependencies.defaultPasswords.fault, clock };
  return {
    organizations: makeOrganizationHandlers(),
    roles: makeRoleHandlers(),
    environments: makeEnvironmentHandlers({
      store,
      onRemoved: async (environmentId, gatewayIds) => {
        await control.environmentRemoved(environmentId);
        for (const id of gatewayIds) hub.disconnectGateway(id);
      },
    }),
    populations: makePopulationHandlers(store),
    users: makeUserHandlers(store, dependencies.passwords, clock),
    groups: makeGroupHandlers(store),
    memberships: makeMembershipHandlers(store),
    passwords: makePasswordHandlers(store, dependencies.passwords),
    schemas: makeSchemaHandlers(store),
    gateways: makeGatewayHandlers(dependencies),
    plans: makePlanHandlers(store),
    stores: makeStoreHandlers(dependencies),
    rules: makeRuleHandlers(store, directory, checks),
    mappings: makeMappingHandlers(store, directory),
    revisions: makeRevisionHandlers({
      store,
      directory,
      checks,
      onRevision: (environmentId) => control.revisionCreated(environmentId),
    }),
    runs: makeRunHandlers(store, control, clock),
    ruleState: makeRuleStateHandlers(dependencies),
    syncedGroups: makeSyncedGroupHandlers(store),
    applications: makeApplicationHandlers(store),
    activities: makeActivityHandlers(store),
    expressions: makeExpressionHandlers(dependencies),
  };
}
