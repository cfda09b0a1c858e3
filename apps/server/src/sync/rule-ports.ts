import type { SourceReader, SyncState, TargetPort } from '@sallyport/engine';
import type { Mapping, Uuid } from '@sallyport/model';
import type { RuleSettings } from './rule-settings.ts';
import type { RuleSpec } from './rule-spec.ts';

/** A reader and what has to be let go of after it. */
export interface OpenedSource {
  readonly reader: SourceReader;
  close(): Promise<void>;
}

/** How a rule gets its two ends and its state: the only place where the supervisor meets connectors and store. */
export interface RulePorts {
  /** Used when nothing is mapped; the mappings of a source and target kind, as data. */
  defaultMappings(spec: RuleSpec): readonly Mapping[];
  /**
   * More of what forces a full run, by name, such as `authentication` of the gateway: settings that are in no revision.
   * Values are hashed, so they may be secret.
   */
  scopeOf(spec: RuleSpec): Promise<Readonly<Record<string, string>>>;
  /** Whether asking the source makes sense now: false while no gateway instance is connected. Cheap. */
  sourceIsReachable(spec: RuleSpec): boolean;
  /** @throws CodedError if the source is out of reach or its configuration is refused. */
  makeSource(spec: RuleSpec, settings: RuleSettings): Promise<OpenedSource>;
  makeTarget(spec: RuleSpec, settings: RuleSettings): Promise<TargetPort>;
  /** Bound to environment, rule and revision. */
  makeState(environmentId: Uuid, ruleId: Uuid, revisionId: Uuid | undefined): SyncState;
}
