import { type Position, PositionLost } from '@sallyport/engine';
import { CodedError } from '@sallyport/model';
import type { DirectoryContext } from '../directory-context.ts';
import { type ChangelogRange, readChangelogRange, readRecord } from './changelog-log.ts';
import type { KnownContainers } from './containers.ts';
import { readPositionValue } from './position-value.ts';

/** The last change that was read, and how to know it again. */
export interface ChangelogAnchor {
  /** Which server numbered it, as the link calls it: numbers mean nothing on another one. */
  readonly server: string;
  readonly number: number;
  /** Empty where nothing was in the log. */
  readonly digest: string;
}

const HIDDEN =
  'The root DSE does not show a changelog any more: it was switched off, or the bind account may not see it';

export interface ChangelogPosition extends ChangelogAnchor {
  readonly containers: KnownContainers;
  /** For batches, Base64. */
  readonly token?: string;
}

export function makeChangelogPosition(value: ChangelogPosition): Position {
  return { strategy: 'changelog', value: JSON.stringify(value) };
}

export function readChangelogPosition(position: Position): ChangelogPosition {
  return readPositionValue<ChangelogPosition>(position, 'changelog', [
    'server',
    'number',
    'digest',
    'containers',
  ]);
}

/** The newest change of the log. */
export async function readNewest(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<{ readonly anchor: ChangelogAnchor; readonly range: ChangelogRange }> {
  const range = await readChangelogRange(context, signal);
  if (range === undefined) throw new CodedError('CHANGE_FEED_UNREADABLE', HIDDEN);
  const isEmpty = range.first > range.last;
  const record = isEmpty ? undefined : await readRecord(context, range, range.last, signal);
  const anchor = { server: serverOf(context), number: range.last, digest: record?.digest ?? '' };
  return { anchor, range };
}

/**
 * Makes sure that the log still holds everything behind a position: the last change that was read has to be there, and to
 * be the same one (draft-good-ldap-changelog §4 lets servers trim from the beginning, and only there).
 * @throws PositionLost with what is wrong
 */
export async function continueFrom(
  context: DirectoryContext,
  last: ChangelogAnchor,
  signal: AbortSignal,
): Promise<ChangelogRange> {
  const range = await readChangelogRange(context, signal);
  if (range === undefined) throw new PositionLost(HIDDEN);
  const server = serverOf(context);
  if (range.last < last.number)
    throw new PositionLost(
      `the changelog of ${server} ends at change ${range.last}, before the ${last.number} of the last look: another server answers, or it was restored from a backup`,
    );
  if (range.first > last.number + 1)
    throw new PositionLost(
      `the changelog was trimmed: it begins at change ${range.first}, the last look ended at ${last.number}`,
    );
  // What nobody has read cannot be known again; the number alone has to do while the same server answers.
  const known =
    range.first <= last.number ? await readRecord(context, range, last.number, signal) : undefined;
  if (known === undefined || last.digest === '') {
    if (server !== last.server)
      throw new PositionLost(
        `another server answers: ${server}, the position is of ${last.server}, and its changes have other numbers`,
      );
    if (known === undefined && range.first <= last.number && last.digest !== '')
      throw new PositionLost(
        `change ${last.number}, where the last look ended, is not in the changelog any more`,
      );
  } else if (known.digest !== last.digest)
    throw new PositionLost(
      `change ${last.number} is not the one that the last look ended at: another server answers, or its changelog was begun anew`,
    );
  return range;
}

export function serverOf(context: DirectoryContext): string {
  return context.link.server ?? '';
}
