export { compileMappings } from './mapping/compile-mappings.ts';
export type { CompiledMapping, CompiledMappings, MappingFailure } from './mapping/compiled-mappings.ts';
export { emptyState, type ReadableState, type ReadableTarget } from './port/readable.ts';
export {
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
  HeldRemoval,
  JournalEntry,
  LastFullRead,
  Link,
  LinkWrite,
  RunProgress,
  StateTransaction,
  SyncState,
} from './port/sync-state.ts';
export type {
  Comparison,
  TargetAttribute,
  TargetObject,
  TargetPort,
  TargetWrite,
  TargetWriteResult,
} from './port/target.ts';
export { type EngineRule, mappingsInForce } from './rule/engine-rule.ts';
export { ruleDigest } from './rule/rule-digest.ts';
export type { LiveProgress, RunPhase } from './run/run-ledger.ts';
export { type RunInput, type RunSummary, runRule } from './run/run-rule.ts';
