import { CodedError } from '@sallyport/model';
import type { DirectoryContext } from '../directory-context.ts';
import { supportsControl } from '../root-dse.ts';
import { type ChangeStrategy, STRATEGY_NAMES, type StrategyName } from './change-strategy.ts';
import { makeChangelogStrategy } from './changelog.ts';
import { probeChangelog } from './changelog-choice.ts';
import { makeDirSyncStrategy } from './dirsync.ts';
import { readMissingDirSyncRight } from './dirsync-right.ts';
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
  if (context.dialect.name === 'activeDirectory') {
    if (asked === undefined || asked === 'dirsync') {
      const missing = await readMissingDirSyncRight(context, signal);
      if (missing === undefined)
        return makeDirSyncStrategy(
          context,
          told ?? 'Active Directory, by DirSync with members value by value',
        );
      if (asked === 'dirsync') throw unsupported('dirsync', missing);
      return usn(context, told, missing, signal);
    }
    if (asked === 'usn') return usn(context, told, undefined, signal);
  }
  if (asked === 'dirsync' || asked === 'usn')
    throw unsupported(asked, 'the root DSE does not say that this is Active Directory');

  const hasSync = supportsControl(context.rootDse, 'syncRequest');
  const trySync = hasSync && (asked === undefined || asked === 'syncrepl');
  const csns = trySync ? await readContextCsns(context, signal) : [];
  if (csns.length > 0)
    return makeSyncreplStrategy(context, told ?? 'the server offers content synchronization (RFC 4533)');
  if (asked === 'syncrepl')
    throw unsupported(
      'syncrepl',
      hasSync
        ? `contextCSN of ${context.namingContext.toString()} is not readable`
        : 'the root DSE does not list the content synchronization control',
    );

  if (asked === 'timestamp') return makeTimestampStrategy(context, told ?? '');
  const feed = await probeChangelog(context, signal);
  if (!('missing' in feed))
    return makeChangelogStrategy(
      context,
      told ??
        (feed.hasBatches
          ? 'the server keeps a changelog and gives it in batches'
          : 'the server keeps a changelog'),
      feed,
    );
  if (asked === 'changelog') throw unsupported('changelog', feed.missing);
  return makeTimestampStrategy(
    context,
    `${feed.missing}${hasSync ? ', and contextCSN is not readable' : ''}; so by modifyTimestamp`,
  );
}

async function usn(
  context: DirectoryContext,
  told: string | undefined,
  noDirSync: string | undefined,
  signal: AbortSignal,
): Promise<ChangeStrategy> {
  const deleted = await canReadDeletedObjects(context, signal);
  const feed = deleted
    ? 'Active Directory, by uSNChanged and CN=Deleted Objects'
    : 'Active Directory, by uSNChanged; deletions by full runs, because CN=Deleted Objects cannot be read';
  const reason = noDirSync === undefined ? feed : `${feed}; no DirSync, because ${noDirSync}`;
  return makeUsnStrategy(context, told ?? reason, deleted);
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
