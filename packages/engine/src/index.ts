export {
  type ExplainedGroups,
  type ExplainedMapping,
  type ExplainedMembers,
  type ExplainInput,
  type Explanation,
  explainObject,
} from './explain/explain-object.ts';
export { type DeprovisionInput, deletionReason, deprovisionRule } from './guard/deprovision-rule.ts';
export { discardHeld } from './guard/discard-held.ts';
export { type GuardVerdict, REMOVAL_WINDOW_MS } from './guard/guard.ts';
export type { HoldInput, HoldSummary } from './guard/held-list.ts';
export type { Distrust } from './guard/read-trust.ts';
export { type ReleaseInput, releaseHeld } from './guard/release-held.ts';
export { compileMappings } from './mapping/compile-mappings.ts';
export { type CompiledText, compileText, type MadeText } from './mapping/compile-text.ts';
export type {
  CompiledMapping,
  CompiledMappings,
  MappedObject,
  MappingFailure,
  MappingResult,
} from './mapping/compiled-mappings.ts';
export { type Mapper, type MappingValue, makeMapper } from './mapping/map-object.ts';
export { SourceRoot, type SourceValues } from './mapping/source-root.ts';
export type { OnboardingRule } from './onboarding/compile-onboarding.ts';
export type { Onboarding, PopulationAnswer } from './onboarding/onboarding.ts';
export {
  emptyState,
  type ReadableState,
  type ReadableTarget,
  readableState,
  readableTarget,
} from './port/readable.ts';
export {
  type GroupNeed,
  type KeyAnswer,
  type Position,
  PositionLost,
  type ReadEnd,
  type ReadNeed,
  type ScopeExplanation,
  type SourceChange,
  type SourceObject,
  type SourceReader,
  type SourceSummary,
} from './port/source.ts';
export type {
  HeldList,
  HeldMember,
  HeldRemoval,
  JournalEntry,
  LastFullRead,
  Link,
  LinkWrite,
  MemberLink,
  PendingMember,
  RemovedMembers,
  RunProgress,
  StateTransaction,
  SyncState,
} from './port/sync-state.ts';
export type {
  Comparison,
  MembershipWrite,
  MembershipWriteResult,
  TargetAttribute,
  TargetMember,
  TargetMemberships,
  TargetObject,
  TargetOnboarding,
  TargetPort,
  TargetWrite,
  TargetWriteResult,
} from './port/target.ts';
export { type Preview, type PreviewedPlan, type PreviewInput, previewRule } from './preview/preview-rule.ts';
export {
  type BreakerEvent,
  type BreakerSettings,
  type BreakerState,
  CLOSED_BREAKER,
  nextBreaker,
} from './retry/breaker.ts';
export { classifyFailure, type FailureClass } from './retry/classify-failure.ts';
export { type EngineRule, type GroupRule, mappingsInForce } from './rule/engine-rule.ts';
export { changedParts, ruleDigest } from './rule/rule-digest.ts';
export type { LiveProgress, RunPhase } from './run/run-ledger.ts';
export { type RunInput, RunInterrupted, type RunSummary, runRule } from './run/run-rule.ts';
