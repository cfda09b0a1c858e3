import { CodedError } from '@sallyport/model';
import type { DirectoryContext } from '../directory-context.ts';
import { supportsControl } from '../root-dse.ts';
import { type ChangeStrategy, STRATEGY_NAMES, type StrategyName } from './change-strategy.ts';
import { makeSyncreplStrategy } from './syncrepl.ts';
import { makeTimestampStrategy, readContextCsns } from './timestamp.ts';
import { canReadDeletedObjects, makeUsnStrategy } from './usn.ts';

/**
 * The best change feed this server and this account have, with the reason in words. An operator may insist on one by
 * `CHANGE_STRATEGY`; one that the server cannot do is refused.
 */
export async function chooseStrategy(
  context: DirectoryContext,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<ChangeStrategy> {
  const asked = wanted === undefined ? undefined : parseStrategyName(wanted);
  const told = asked === undefined ? undefined : 'set by CHANGE_STRATEGY';
  if (context.dialect.name === 'activeDirectory' && (asked === undefined || asked === 'usn')) {
    const deleted = await canReadDeletedObjects(context, signal);
    return makeUsnStrategy(
      context,
      told ??
        (deleted
          ? 'Active Directory, by uSNChanged and CN=Deleted Objects'
          : 'Active Directory, by uSNChanged; deletions by full runs, because CN=Deleted Objects cannot be read'),
      deleted,
    );
  }
  if (asked === 'usn') throw unsupported('usn', 'the root DSE does not say that this is Active Directory');

  const hasSync = supportsControl(context.rootDse, 'syncRequest');
  const csns = hasSync && asked !== 'timestamp' ? await readContextCsns(context, signal) : [];
  if (csns.length > 0)
    return makeSyncreplStrategy(context, told ?? 'the server offers content synchronization (RFC 4533)');
  if (asked === 'syncrepl')
    throw unsupported(
      'syncrepl',
      hasSync
        ? `contextCSN of ${context.namingContext.toString()} is not readable`
        : 'the root DSE does not list the content synchronization control',
    );
  return makeTimestampStrategy(
    context,
    told ??
      (hasSync
        ? 'contextCSN is not readable, so by modifyTimestamp'
        : 'the server offers no change feed we can use'),
  );
}

function parseStrategyName(text: string): StrategyName {
  const found = STRATEGY_NAMES.find((name) => name === text.toLowerCase());
  if (found === undefined)
    throw new CodedError(
      'CONFIGURATION_INVALID',
      `CHANGE_STRATEGY must be one of ${STRATEGY_NAMES.join(', ')}, found ${JSON.stringify(text)}`,
      {
        details: [
          { code: 'INVALID_VALUE', target: 'CHANGE_STRATEGY', message: `unknown change strategy ${text}` },
        ],
      },
    );
  return found;
}

function unsupported(strategy: string, why: string): CodedError {
  return new CodedError(
    'CHANGE_STRATEGY_UNSUPPORTED',
    `This directory cannot be followed by ${strategy}: ${why}`,
  );
}
