import type { OperationResult, OperationTable } from '@sallyport/contract';

// What the API answers, under the names the pages use.
export type Rule = OperationResult<OperationTable['rules']['read']>;
export type RuleStatus = OperationResult<OperationTable['ruleState']['readStatus']>;
export type Counters = RuleStatus['users'];
export type Run = OperationResult<OperationTable['runs']['read']>;
export type RunType = Run['type'];
export type Change = OperationResult<OperationTable['runs']['listChanges']>['_embedded']['changes'][number];
export type AttributeChange = Change['changes'][number];
export type Outcome = Change['outcome'];
export type HeldRemoval = OperationResult<
  OperationTable['runs']['listRemovals']
>['_embedded']['removals'][number];
export type SyncedObject = OperationResult<
  OperationTable['ruleState']['listObjects']
>['_embedded']['objects'][number];
export type Explanation = OperationResult<OperationTable['ruleState']['explain']>;
export type User = OperationResult<OperationTable['users']['read']>;
export type SyncedRule = OperationResult<
  OperationTable['users']['listSyncedRules']
>['_embedded']['syncedRules'][number];
export type Group = OperationResult<OperationTable['groups']['read']>;
export type Membership = OperationResult<
  OperationTable['memberships']['list']
>['_embedded']['groupMemberships'][number];
export type Gateway = OperationResult<OperationTable['gateways']['read']>;
export type GatewayInstance = OperationResult<OperationTable['gateways']['readInstance']>;
export type Activity = OperationResult<
  OperationTable['activities']['list']
>['_embedded']['activities'][number];
