import type {
  AttributeChange,
  JsonObject,
  ObjectType,
  Outcome,
  Selection,
  User,
  UserProfile,
  UserProfilePatch,
  UserState,
  Uuid,
} from '@sallyport/model';
import type { NewPassword, PasswordStore } from './password/user-password.ts';
import type {
  Activity,
  Environment,
  Gateway,
  GatewayCredential,
  GatewayInstance,
  Population,
  PropagationMapping,
  PropagationPlan,
  PropagationRule,
  PropagationStore,
  Revision,
  RevisionSnapshot,
  WorkerApplication,
} from './record/configuration-records.ts';
import type { GroupStore, MembershipStore, NestingStore } from './record/group-records.ts';
import type { NamedListRequest, Page, PageRequest } from './record/page.ts';
import type {
  HeldCounts,
  HeldLine,
  HeldMemberLine,
  JournalLine,
  LinkLine,
  RuleSync,
  Run,
  SyncCounters,
  SyncedRule,
  SyncState,
  SyncStateName,
} from './record/sync-records.ts';

/** Columns a caller fills in; ids and times are made by the store where they are left out. */
type New<T, Made extends keyof T, Optional extends keyof T = never> = Omit<
  T,
  Made | Optional | 'id' | 'createdAt' | 'updatedAt'
> & {
  readonly [K in Optional]?: T[K] | undefined;
} & { readonly id?: Uuid | undefined };

/** Properties that are present are written, `undefined` clears; absent ones stay. */
type Change<T, Fixed extends keyof T = never> = {
  readonly [K in Exclude<keyof T, Fixed | 'id' | 'environmentId' | 'createdAt' | 'updatedAt'>]?: T[K];
};

export type NewEnvironment = New<
  Environment,
  'sequence',
  'description' | 'licenseId' | 'status' | 'icon' | 'billOfMaterials'
>;
export type NewPopulation = New<Population, 'userCount', 'description' | 'isDefault' | 'properties'>;
export type NewGateway = New<Gateway, never, 'description'>;
export type NewPlan = New<PropagationPlan, never, 'status'>;
export type NewPropagationStore = New<
  PropagationStore,
  never,
  'description' | 'managed' | 'status' | 'image'
>;
export type NewRule = New<
  PropagationRule,
  never,
  'description' | 'active' | 'populationExpression' | 'groupIds' | 'populationIds' | 'deprovision'
>;
export type NewMapping = New<PropagationMapping, never>;
export type NewApplication = New<WorkerApplication, never, 'description' | 'enabled'>;
export type EnvironmentChange = Change<Environment, 'sequence'>;
export type PopulationChange = Change<Population, 'userCount'>;
export type GatewayChange = Change<Gateway, 'type'>;
export type PlanChange = Change<PropagationPlan>;
export type PropagationStoreChange = Change<PropagationStore, 'type'>;
export type RuleChange = Change<PropagationRule, 'planId' | 'sourceStoreId' | 'targetStoreId'>;
export type MappingChange = Change<PropagationMapping, 'ruleId'>;
export type ApplicationChange = Change<WorkerApplication>;

export interface NewUser {
  readonly environmentId: Uuid;
  readonly id?: Uuid | undefined;
  /** The environment's default population where absent. */
  readonly populationId?: Uuid | undefined;
  /** Default true. */
  readonly enabled?: boolean | undefined;
  readonly profile: UserProfile;
  readonly state?: UserState | undefined;
  /** Written with the user, or not at all. */
  readonly password?: NewPassword | undefined;
}

export interface UserListRequest extends PageRequest {
  readonly selection?: Selection | undefined;
}

/** One step of the change feed, in rising `sequence`. */
export type UserFeedEntry =
  | { readonly kind: 'present'; readonly sequence: number; readonly user: User }
  | { readonly kind: 'deleted'; readonly sequence: number; readonly id: Uuid; readonly username: string };

/** A user as bulk readers want it. */
export interface BulkUser {
  readonly id: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly populationId: string;
  readonly profile: UserProfile;
  readonly passwordGateway: UserState['passwordGateway'];
}

export type BulkUserWrite =
  | {
      readonly kind: 'create';
      readonly id: string;
      readonly populationId: string | undefined;
      readonly enabled: boolean;
      /** Validated by the store: a faulty one is refused by itself. */
      readonly profile: JsonObject;
      readonly password?: NewPassword | undefined;
      readonly passwordGateway?: UserState['passwordGateway'];
    }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly enabled: boolean | undefined;
      /** By attribute path; applied to the profile as it is inside the transaction. */
      readonly changes: readonly AttributeChange[];
      /** Absent: stays. `null`: the directory no longer checks this user's password. */
      readonly passwordGateway?: UserState['passwordGateway'] | null;
      /** The version that the changes were made from: an answer says if the user has another one by now. */
      readonly version?: number;
    }
  | { readonly kind: 'delete'; readonly id: string };

export type BulkWriteResult =
  /** `overtaken`: written, but somebody else had written between the named version and this. */
  | { readonly ok: true; readonly version: number; readonly overtaken?: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly conflict: boolean };

/** Where a secret or setting belongs: to one environment, or to the installation. */
export type Scope = Uuid | 'system';

export interface LinkListRequest extends PageRequest {
  readonly objectType?: ObjectType | undefined;
  /** One of the disjoint states. */
  readonly status?: SyncStateName | undefined;
  /** Part of the place, or of the username or group name at the target; letter case does not count. */
  readonly contains?: string | undefined;
}

export interface JournalListRequest extends PageRequest {
  readonly ruleId?: Uuid | undefined;
  readonly runId?: Uuid | undefined;
  readonly targetId?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly objectType?: ObjectType | undefined;
  /** Part of the place or the label; letter case does not count. */
  readonly contains?: string | undefined;
  /** Epoch ms, inclusive. */
  readonly from?: number | undefined;
  /** Epoch ms, exclusive. */
  readonly until?: number | undefined;
}

/**
 * The identity store and the sync state. Reads answer from committed data and never wait for a writer; writes queue, one
 * transaction at a time, and are on disk when their promise resolves.
 *
 * Errors are CodedErrors: NOT_FOUND (update and remove of what is not there; `get` answers undefined),
 * UNIQUENESS_VIOLATION (`details[0].target` names the property), REFERENCED (something still points here), INVALID_DATA
 * (`details` lists every fault), INVALID_CURSOR, UNKNOWN_ATTRIBUTE, of groups CONSTRAINT_VIOLATION, QUOTA_EXCEEDED and
 * EXTERNAL_GROUP, and STORE_FULL, STORE_READ_ONLY, STORE_CORRUPT,
 * STORE_BUSY from the file itself. A write that throws has changed nothing.
 */
export interface Store {
  readonly environments: {
    /** Creates its default population too. */
    create(environment: NewEnvironment): Promise<Environment>;
    get(id: Uuid): Promise<Environment | undefined>;
    list(request: NamedListRequest): Promise<Page<Environment>>;
    update(id: Uuid, change: EnvironmentChange): Promise<Environment>;
    /** Everything in it goes too. */
    remove(id: Uuid): Promise<void>;
  };
  readonly populations: {
    create(population: NewPopulation): Promise<Population>;
    get(environmentId: Uuid, id: Uuid): Promise<Population | undefined>;
    list(environmentId: Uuid, request: NamedListRequest): Promise<Page<Population>>;
    /** `isDefault: true` takes the mark from the population that had it. */
    update(environmentId: Uuid, id: Uuid, change: PopulationChange): Promise<Population>;
    /** REFERENCED while it holds users or is the default. Its groups go too. */
    remove(environmentId: Uuid, id: Uuid): Promise<void>;
    default(environmentId: Uuid): Promise<Population | undefined>;
  };
  readonly users: {
    create(user: NewUser): Promise<User>;
    get(environmentId: Uuid, id: Uuid): Promise<User | undefined>;
    list(environmentId: Uuid, request: UserListRequest): Promise<Page<User>>;
    /** PUT: what the profile leaves out is cleared. */
    replace(environmentId: Uuid, id: Uuid, profile: UserProfile): Promise<User>;
    /** PATCH: absent keeps, null clears, nested objects are merged; the result is validated. */
    patch(environmentId: Uuid, id: Uuid, patch: UserProfilePatch): Promise<User>;
    setEnabled(environmentId: Uuid, id: Uuid, enabled: boolean): Promise<User>;
    setPopulation(environmentId: Uuid, id: Uuid, populationId: Uuid): Promise<User>;
    /** Merges one level deep: present parts replace, `undefined` clears. */
    setState(
      environmentId: Uuid,
      id: Uuid,
      state: { readonly [K in keyof UserState]?: UserState[K] | undefined },
    ): Promise<User>;
    remove(environmentId: Uuid, id: Uuid): Promise<void>;
    /** Users written and deleted after `sequence`, oldest first. */
    changesSince(environmentId: Uuid, sequence: number, limit: number): Promise<readonly UserFeedEntry[]>;
    versions(environmentId: Uuid, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
    readMany(environmentId: Uuid, ids: readonly string[]): Promise<ReadonlyMap<string, BulkUser>>;
    /** By `username`, `email`, `externalId` or any other attribute path; keyed by the value as asked. */
    match(
      environmentId: Uuid,
      attribute: string,
      values: readonly string[],
    ): Promise<ReadonlyMap<string, readonly BulkUser[]>>;
    /** One result for each write, in order; inside `transaction` (one that a SyncState of this store opened) where given. */
    writeMany(
      environmentId: Uuid,
      writes: readonly BulkUserWrite[],
      transaction: object | undefined,
    ): Promise<readonly BulkWriteResult[]>;
  };
  readonly passwords: PasswordStore;
  readonly groups: GroupStore;
  readonly memberships: MembershipStore;
  readonly nestings: NestingStore;
  readonly gateways: {
    create(gateway: NewGateway): Promise<Gateway>;
    get(environmentId: Uuid, id: Uuid): Promise<Gateway | undefined>;
    list(environmentId: Uuid, request: NamedListRequest): Promise<Page<Gateway>>;
    update(environmentId: Uuid, id: Uuid, change: GatewayChange): Promise<Gateway>;
    /** Its credentials, instances and secrets go too. */
    remove(environmentId: Uuid, id: Uuid): Promise<void>;
  };
  readonly credentials: {
    create(credential: {
      readonly environmentId: Uuid;
      readonly gatewayId: Uuid;
      readonly id?: Uuid | undefined;
    }): Promise<GatewayCredential>;
    /** Revoked ones are answered too, so that a presented one can be told from an unknown one. */
    get(environmentId: Uuid, id: Uuid): Promise<GatewayCredential | undefined>;
    /** Those not revoked. */
    list(environmentId: Uuid, gatewayId: Uuid): Promise<readonly GatewayCredential[]>;
    markUsed(environmentId: Uuid, id: Uuid, at: number): Promise<void>;
    revoke(environmentId: Uuid, id: Uuid): Promise<void>;
  };
  readonly instances: {
    save(instance: GatewayInstance): Promise<void>;
    get(environmentId: Uuid, gatewayId: Uuid, id: Uuid): Promise<GatewayInstance | undefined>;
    list(environmentId: Uuid, gatewayId: Uuid): Promise<readonly GatewayInstance[]>;
    remove(environmentId: Uuid, gatewayId: Uuid, id: Uuid): Promise<void>;
    /** At the start of the only server: nobody is connected yet. */
    disconnectAll(): Promise<void>;
  };
  readonly plans: {
    create(plan: NewPlan): Promise<PropagationPlan>;
    get(environmentId: Uuid, id: Uuid): Promise<PropagationPlan | undefined>;
    list(environmentId: Uuid, request: PageRequest): Promise<Page<PropagationPlan>>;
    update(environmentId: Uuid, id: Uuid, change: PlanChange): Promise<PropagationPlan>;
    /** REFERENCED while it has rules. */
    remove(environmentId: Uuid, id: Uuid): Promise<void>;
  };
  readonly stores: {
    create(store: NewPropagationStore): Promise<PropagationStore>;
    get(environmentId: Uuid, id: Uuid): Promise<PropagationStore | undefined>;
    list(environmentId: Uuid, request: NamedListRequest): Promise<Page<PropagationStore>>;
    update(environmentId: Uuid, id: Uuid, change: PropagationStoreChange): Promise<PropagationStore>;
    /** REFERENCED while a rule names it; its secrets go too. */
    remove(environmentId: Uuid, id: Uuid): Promise<void>;
  };
  readonly rules: {
    create(rule: NewRule): Promise<PropagationRule>;
    get(environmentId: Uuid, id: Uuid): Promise<PropagationRule | undefined>;
    list(
      environmentId: Uuid,
      request: PageRequest & { readonly planId?: Uuid | undefined; readonly storeId?: Uuid | undefined },
    ): Promise<Page<PropagationRule>>;
    update(environmentId: Uuid, id: Uuid, change: RuleChange): Promise<PropagationRule>;
    /** Its mappings go too; links, runs and journal stay until `ruleSyncs.remove`, so that its objects can be deprovisioned. */
    remove(environmentId: Uuid, id: Uuid): Promise<void>;
  };
  readonly mappings: {
    create(mapping: NewMapping): Promise<PropagationMapping>;
    get(environmentId: Uuid, id: Uuid): Promise<PropagationMapping | undefined>;
    list(environmentId: Uuid, ruleId: Uuid, request: PageRequest): Promise<Page<PropagationMapping>>;
    update(environmentId: Uuid, id: Uuid, change: MappingChange): Promise<PropagationMapping>;
    remove(environmentId: Uuid, id: Uuid): Promise<void>;
  };
  readonly revisions: {
    /** Takes the snapshot of plans, stores, rules and mappings in one transaction. */
    create(revision: { readonly environmentId: Uuid; readonly createdBy: string }): Promise<Revision>;
    get(environmentId: Uuid, id: Uuid): Promise<Revision | undefined>;
    latest(environmentId: Uuid): Promise<Revision | undefined>;
    snapshot(environmentId: Uuid, id: Uuid): Promise<RevisionSnapshot | undefined>;
    /** Newest first. */
    list(environmentId: Uuid, request: PageRequest): Promise<Page<Revision>>;
  };
  readonly runs: {
    get(environmentId: Uuid, id: Uuid): Promise<Run | undefined>;
    /** Newest first. */
    list(
      environmentId: Uuid,
      request: PageRequest & { readonly ruleId?: Uuid | undefined },
    ): Promise<Page<Run>>;
    /**
     * Forgets one rule's old runs with their lines of the journal: those that ended before `endedBefore` (epoch ms) and those
     * beyond the newest `keep`. Never a run that is going on or whose removals wait, nor the newest of those that say how the
     * rule stands. In short transactions, until done or `signal` aborts; answers how many runs went.
     */
    prune(
      environmentId: Uuid,
      ruleId: Uuid,
      limits: { readonly endedBefore: number; readonly keep: number },
      signal: AbortSignal,
    ): Promise<number>;
  };
  readonly journal: {
    /** Newest first. */
    list(environmentId: Uuid, request: JournalListRequest): Promise<Page<JournalLine>>;
  };
  readonly held: {
    /** With `runId`, what the list of that run showed and still waits, though it may stand in the list of a later run now. */
    list(
      environmentId: Uuid,
      request: PageRequest & {
        readonly ruleId: Uuid;
        readonly runId?: Uuid | undefined;
        readonly objectType?: ObjectType | undefined;
      },
    ): Promise<Page<HeldLine>>;
    /** Memberships whose removal waits, by group and member. */
    listMembers(
      environmentId: Uuid,
      request: PageRequest & { readonly ruleId: Uuid; readonly runId?: Uuid | undefined },
    ): Promise<Page<HeldMemberLine>>;
    /** Without what a person kept. All of it, or what the list of one run showed and still waits. */
    count(environmentId: Uuid, ruleId: Uuid, runId?: Uuid): Promise<HeldCounts>;
  };
  readonly links: {
    /** `refusedSince`: removals that the target refused before (epoch ms) are not counted as such. */
    counters(
      environmentId: Uuid,
      ruleId: Uuid,
      objectType: ObjectType,
      refusedSince?: number,
    ): Promise<SyncCounters>;
    list(environmentId: Uuid, ruleId: Uuid, request: LinkListRequest): Promise<Page<LinkLine>>;
    /** Of these users (or groups), those that another active rule is linked to, with that rule's name. */
    heldByOthers(
      environmentId: Uuid,
      ruleId: Uuid,
      objectType: ObjectType,
      targetIds: readonly string[],
    ): Promise<ReadonlyMap<string, string>>;
    /** Every rule that holds a link to this user (or group). */
    syncedRules(
      environmentId: Uuid,
      objectType: ObjectType,
      targetId: string,
    ): Promise<readonly SyncedRule[]>;
  };
  readonly ruleSyncs: {
    get(environmentId: Uuid, ruleId: Uuid): Promise<RuleSync | undefined>;
    /** Rules that have left anything here, among them those that are deleted and not yet settled. */
    list(environmentId: Uuid): Promise<readonly Uuid[]>;
    /** Forgets links, position, held removals, runs and journal of a rule that is gone. */
    remove(environmentId: Uuid, ruleId: Uuid): Promise<void>;
  };
  readonly leases: {
    /** True if `holder` has it now: it was free, expired, or its own. */
    acquire(environmentId: Uuid, name: string, holder: string, ttlMs: number): Promise<boolean>;
    /** False if it was lost meanwhile. */
    renew(environmentId: Uuid, name: string, holder: string, ttlMs: number): Promise<boolean>;
    release(environmentId: Uuid, name: string, holder: string): Promise<void>;
    holder(environmentId: Uuid, name: string): Promise<string | undefined>;
  };
  readonly applications: {
    create(application: NewApplication): Promise<WorkerApplication>;
    get(environmentId: Uuid, id: Uuid): Promise<WorkerApplication | undefined>;
    list(environmentId: Uuid, request: NamedListRequest): Promise<Page<WorkerApplication>>;
    update(environmentId: Uuid, id: Uuid, change: ApplicationChange): Promise<WorkerApplication>;
    remove(environmentId: Uuid, id: Uuid): Promise<void>;
  };
  readonly activities: {
    append(activities: readonly Omit<Activity, 'id'>[]): Promise<void>;
    /** Newest first. */
    list(
      environmentId: Uuid,
      request: PageRequest & {
        readonly resourceId?: string | undefined;
        readonly resourceType?: string | undefined;
        readonly actorId?: string | undefined;
        readonly action?: string | undefined;
        readonly from?: number | undefined;
        readonly until?: number | undefined;
      },
    ): Promise<Page<Activity>>;
    /** Forgets those recorded before `before` (epoch ms), of all environments; in short transactions. Answers how many. */
    prune(before: number, signal: AbortSignal): Promise<number>;
  };
  /** Sealed by the caller: the store never sees a clear text. `ownerId` is a gateway, a store, a key ring, ... */
  readonly secrets: {
    put(scope: Scope, ownerId: string, name: string, sealed: Uint8Array): Promise<void>;
    get(scope: Scope, ownerId: string, name: string): Promise<Uint8Array | undefined>;
    list(
      scope: Scope,
      ownerId: string,
    ): Promise<readonly { readonly name: string; readonly sealed: Uint8Array; readonly updatedAt: number }[]>;
    remove(scope: Scope, ownerId: string, name: string): Promise<void>;
  };
  readonly settings: {
    put(scope: Scope, name: string, value: string): Promise<void>;
    get(scope: Scope, name: string): Promise<string | undefined>;
    list(scope: Scope): Promise<ReadonlyMap<string, string>>;
    remove(scope: Scope, name: string): Promise<void>;
  };
  /** The sync state of one rule; made anew for each revision. Costs nothing until it is used. */
  syncState(environmentId: Uuid, ruleId: Uuid, revisionId: Uuid | undefined): SyncState;
  close(): Promise<void>;
}
