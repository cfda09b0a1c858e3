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
