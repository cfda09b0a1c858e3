import { readRuleSettings } from './rule-settings.ts';
import type { RuleSpec } from './rule-spec.ts';

const MIN_LONGEST_RETRY_MS = 5 * 60 * 1000;
const FIRST_RETRY_MS = 5000;

/** How soon a rule that failed tries again, and how far apart its tries come to lie: never sooner than it would poll. */
export function retriesOf(spec: RuleSpec): { readonly firstRetryMs: number; readonly maxRetryMs: number } {
  const { settings } = readRuleSettings(spec, [], {});
  return {
    firstRetryMs: Math.min(FIRST_RETRY_MS, settings.pollIntervalMs),
    maxRetryMs: Math.max(MIN_LONGEST_RETRY_MS, settings.pollIntervalMs),
  };
}
