import type { Configuration, JsonObject, Mapping, Uuid } from '@sallyport/model';

export interface Environment {
  readonly id: Uuid;
  readonly name: string;
  readonly description: string | undefined;
  readonly type: 'PRODUCTION' | 'SANDBOX';
  readonly region: string;
  readonly licenseId: string | undefined;
  readonly status: 'ACTIVE' | 'DELETE_PENDING';
  readonly icon: string | undefined;
  readonly billOfMaterials: JsonObject | undefined;
  /** The last sequence a user write took. */
  readonly sequence: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Population {
  readonly environmentId: Uuid;
  readonly id: Uuid;
  readonly name: string;
  readonly description: string | undefined;
  readonly isDefault: boolean;
  /** What is stored for clients and not interpreted: `passwordPolicy`, `theme`, `preferredLanguage`, ... */
  readonly properties: JsonObject;
  readonly userCount: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An LDAP gateway (or another type): `properties` holds the API's body without secrets. */
export interface Gateway {
  readonly environmentId: Uuid;
  readonly id: Uuid;
  readonly name: string;
  readonly description: string | undefined;
  readonly type: string;
  readonly enabled: boolean;
  readonly properties: JsonObject;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The JWT itself is never stored: `id` is its `jti`. */
export interface GatewayCredential {
  readonly environmentId: Uuid;
  readonly gatewayId: Uuid;
  readonly id: Uuid;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
  readonly revokedAt: number | undefined;
}

export interface GatewayInstance {
  readonly environmentId: Uuid;
  readonly gatewayId: Uuid;
  /** Chosen by the instance. */
  readonly id: Uuid;
  readonly credentialId: Uuid;
  readonly connected: boolean;
  readonly hostname: string;
  readonly version: string;
  readonly healthStatus: 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY';
  readonly currentErrors: readonly JsonObject[];
  /** `busyPercentage`, `operationsPerSecond`, `responseTimeMillis`, ... as last reported. */
  readonly metrics: JsonObject;
  readonly initializedAt: number;
  readonly lastReportedAt: number;
}

export interface PropagationPlan {
  readonly environmentId: Uuid;
  readonly id: Uuid;
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface PropagationStore {
  readonly environmentId: Uuid;
  readonly id: Uuid;
  readonly name: string;
  readonly description: string | undefined;
  /** `LdapGateway`, `PingOne`, `directory`, `scim`, ... */
  readonly type: string;
  /** Without secrets: those lie in `secrets` under the store's id. */
  readonly configuration: Configuration;
  readonly managed: boolean;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly image: JsonObject | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface PropagationRule {
  readonly environmentId: Uuid;
  readonly id: Uuid;
  readonly planId: Uuid;
  readonly sourceStoreId: Uuid;
  readonly targetStoreId: Uuid;
  readonly name: string;
  readonly description: string | undefined;
  readonly active: boolean;
  readonly populationExpression: string | undefined;
  readonly groupIds: readonly string[];
  readonly populationIds: readonly string[];
  readonly deprovision: boolean;
  readonly configuration: Configuration;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface PropagationMapping extends Mapping {
  readonly environmentId: Uuid;
  readonly ruleId: Uuid;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Everything a run is made from, as it was when the revision was made. */
export interface RevisionSnapshot {
  readonly plans: readonly PropagationPlan[];
  readonly stores: readonly PropagationStore[];
  readonly rules: readonly PropagationRule[];
  readonly mappings: readonly PropagationMapping[];
}

export interface Revision {
  readonly environmentId: Uuid;
  readonly id: Uuid;
  readonly previousId: Uuid | undefined;
  readonly createdBy: string;
  readonly createdAt: number;
}

/** A client of the API that authenticates with client credentials. */
export interface WorkerApplication {
  readonly environmentId: Uuid;
  /** The client id. */
  readonly id: Uuid;
  readonly name: string;
  readonly description: string | undefined;
  readonly enabled: boolean;
  /** The whole encoded hash (algorithm, parameters, salt); the secret itself is never stored. */
  readonly secretHash: string;
  readonly roles: readonly RoleAssignment[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface RoleAssignment {
  readonly role: string;
  /** Undefined: every environment. */
  readonly environmentId: Uuid | undefined;
}

/** One line of the audit log. */
export interface Activity {
  readonly environmentId: Uuid;
  readonly id: Uuid;
  readonly at: number;
  readonly actor: { readonly type: string; readonly id: string; readonly name?: string | undefined };
  /** `USER.CREATED`, `RULE.UPDATED`, ... */
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string; readonly name?: string | undefined };
  readonly detail: JsonObject;
}
