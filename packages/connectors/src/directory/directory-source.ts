import type {
  KeyAnswer,
  Position,
  ReadEnd,
  ReadNeed,
  SourceChange,
  SourceObject,
  SourceReader,
  SourceSummary,
} from '@sallyport/engine';
import { and, type DirectoryLink, LdapError, present, type Schema } from '@sallyport/ldap';
import { CodedError, type InboundSettings } from '@sallyport/model';
import { withBinarySyntaxes } from './dialect/binary-attributes.ts';
import { chooseDialect } from './dialect/choose-dialect.ts';
import { type AccountFlag, withAccountFlag } from './dialect/standard.ts';
import { chunksOf, type DirectoryContext, memberReadingOf } from './directory-context.ts';
import { readDirectorySchema } from './directory-schema.ts';
import { followGroups } from './group/follow-groups.ts';
import { GroupLookups } from './group/group-lookups.ts';
import { groupsNaming } from './group/groups-naming.ts';
import { LoginMemory } from './group/login-memory.ts';
import { dnReference } from './group/reference.ts';
import { findObject, readByKeys } from './look-up-objects.ts';
import { BATCH_SIZE, readGroups, readPeople } from './read-all.ts';
import { readEntries } from './read-entries.ts';
import { namingContextOf, readRootDse } from './root-dse.ts';
import { makeClassTest, makeScope, makeScopeJudge } from './scope/scope.ts';
import { type KeptSourceGroup, readSourceGroup, type SourceGroup } from './scope/source-group.ts';
import { SourceGroupMemory } from './scope/source-group-memory.ts';
import { type ChangeStrategy, StrategyLost } from './strategy/change-strategy.ts';
import { chooseStrategy } from './strategy/choose-strategy.ts';
import { ofSourceGroup } from './strategy/of-source-group.ts';
import { ToldPlaces } from './strategy/told-places.ts';

export interface DirectorySourceOptions {
  readonly link: DirectoryLink;
  readonly settings: InboundSettings;
  /** What the gateway's record says; the server's own root DSE goes before it. */
  readonly vendor: string | undefined;
  readonly accountFlag: AccountFlag | undefined;
  /** A schema read before, so that ten rules on one directory do not read it ten times. */
  readonly schema?: (signal: AbortSignal) => Promise<Schema>;
}

/** A reader as one `open` left it. */
interface Opened {
  /** With nobody told apart by a source group. */
  readonly whole: DirectoryContext;
  readonly context: DirectoryContext;
  readonly strategy: ChangeStrategy;
  readonly summary: SourceSummary;
  /** Whether the members of the source group are those of an earlier look, which counted as unchanged. */
  readonly reusesMembers: boolean;
}

/** The source end of an inbound rule: an LDAP directory behind a link, seen through the rule's scope. */
export function makeDirectorySource(options: DirectorySourceOptions): SourceReader {
  let opened: Opened | undefined;
  let kept: KeptSourceGroup | undefined;
  const memory = new SourceGroupMemory();
  const logins = new LoginMemory();

  /** Readings under way. */
  let readings = 0;
  /** By the newest run: what hints have to tell of. */
  let groupsAreRead = false;

  function state(): Opened {
    if (opened === undefined) throw new TypeError('open() has not been called');
    return opened;
  }

  /** What was looked up once for a reading lasts until it ends: the engine asks by key while it goes on. */
  function contextForKeys(): DirectoryContext {
    const { context } = state();
    if (readings === 0) context.lookups.forget();
    return context;
  }

  async function prepare(
    whole: DirectoryContext,
    last: KeptSourceGroup | undefined,
    signal: AbortSignal,
  ): Promise<Opened> {
    const { settings } = options;
    kept = await readSourceGroup(whole, settings, last, signal);
    const context = kept === undefined ? whole : withinGroup(whole, kept.group);
    const strategy = await chooseStrategy(context, settings.changeStrategy, signal);
    const stateNow = async (s: AbortSignal) =>
      (await readSourceGroup(whole, settings, undefined, s))?.group.state;
    return {
      whole,
      context,
      strategy: ofSourceGroup(context, strategy, { memory, stateNow }),
      summary: {
        strategy: strategy.name,
        strategyReason: strategy.reason,
        followsBasesOnly: strategy.followsBasesOnly,
        warnings: [...strategy.warnings, ...accountWarnings(context)],
      },
      reusesMembers: kept !== undefined && kept === last,
    };
  }

  /**
   * Where a full read begins, and how changes will be followed from there. What counted as unchanged need not be so (see
   * `namedAmong`): whoever is missing from a full read would be removed.
   */
  async function beginAll(need: ReadNeed, signal: AbortSignal): Promise<Opened & { position: Position }> {
    const { reusesMembers, whole } = state();
    if (reusesMembers) opened = await prepare(whole, undefined, signal);
    whole.lookups.forget();
    await assertGroupsReadable(whole, need, signal);
    try {
      return { ...state(), position: await state().strategy.currentPosition(signal) };
    } catch (error) {
      if (!(error instanceof StrategyLost)) throw error;
      const other = await prepare(whole, undefined, signal);
      const position = await other.strategy.currentPosition(signal);
      opened = other;
      return { ...other, position };
    }
  }

  async function* readEverything(
    need: ReadNeed,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SourceObject[], ReadEnd> {
    const before = state().summary;
    const { context, position, strategy, summary } = await beginAll(need, signal);
    const { sourceGroup } = context;
    const told = new Set<string>();
    const places = new ToldPlaces();
    for await (const people of readPeople(context, need, signal)) {
      for (const { place } of people) places.note(place);
      if (sourceGroup !== undefined && sourceGroup.members === undefined)
        for (const { key } of people) told.add(key);
      yield people;
    }
    if (need.groups !== undefined)
      for await (const groups of readGroups(context, need, signal)) {
        for (const { place } of groups) places.note(place);
        yield groups;
      }
    // A base that vanished meanwhile was read as far as it was there; 389 even calls that a success.
    await assertBaseReadable(context.link, context.scope.base.toString(), 'USERS_BASE_DN', signal);
    await assertGroupsReadable(context, need, signal);
    // What another server had not heard of yet would never be asked for again.
    const holds = strategy.stillHolds === undefined || (await strategy.stillHolds(position, signal));
    const unknown = await places.unknownPlace(context, [strategy.containersOf(position)], signal);
    if (sourceGroup !== undefined) memory.remember(sourceGroup.state, sourceGroup.members ?? told);
    return {
      position: holds && unknown === undefined ? position : undefined,
      basesRead: basesOf(context, need),
      deletionsSeen: strategy.deletionsSeen,
      ...(summary.strategy === before.strategy ? {} : { source: summary }),
    };
  }

  return {
    async open(signal): Promise<SourceSummary> {
      opened = await prepare(await openContext(options, logins, signal), kept, signal);
      return opened.summary;
    },

    async *readAll(need, signal): AsyncGenerator<readonly SourceObject[], ReadEnd> {
      groupsAreRead = need.groups !== undefined;
      readings += 1;
      try {
        return yield* readEverything(need, signal);
      } finally {
        readings -= 1;
      }
    },
    async *changesSince(position, need, signal): AsyncGenerator<readonly SourceChange[], ReadEnd> {
      const { context, strategy } = state();
      context.lookups.forget();
      groupsAreRead = need.groups !== undefined;
      readings += 1;
      let changes: AsyncGenerator<readonly SourceChange[], Position> | undefined;
      let end: Position | undefined;
      const places = new ToldPlaces();
      try {
        await assertGroupsReadable(context, need, signal);
        if (need.groups?.members === true) await context.lookups.readComputedGroups(context, signal);
        const told = strategy.changesSince(position, need, signal);
        changes = followGroups(context, told, position, need, strategy.tellsArrivals, signal);
        while (end === undefined) {
          const next = await changes.next();
          if (next.done === true) end = next.value;
          else {
            for (const change of next.value) if (change.kind === 'present') places.note(change.object.place);
            for (const part of chunksOf(next.value, BATCH_SIZE)) yield part;
          }
        }
      } finally {
        readings -= 1;
        // Left early, its search is still open.
        if (end === undefined) await changes?.return(position);
      }
      // Where people were told to be that no position knows, only a full read finds out what became of them.
      const unknown = await places.unknownPlace(context, [position, end].map(strategy.containersOf), signal);
      return {
        position: unknown === undefined ? end : undefined,
        basesRead: basesOf(context, need),
        deletionsSeen: strategy.deletionsSeen,
      };
    },

    async readByKeys(objectType, keys, need, signal): Promise<readonly KeyAnswer[]> {
      return readByKeys(contextForKeys(), objectType, keys, need, signal);
    },

    async find(identifier, need, signal) {
      return findObject(contextForKeys(), identifier, need, signal);
    },

    async namedBy(objects, signal) {
      const naming = await groupsNaming(state().context, objects, signal);
      return new Map(Array.from(naming, ([key, { references }]) => [key, references]));
    },

    referenceOf: dnReference,

    async *hints(signal): AsyncGenerator<void> {
      const { strategy } = state();
      if (strategy.hints !== undefined) yield* strategy.hints(groupsAreRead, signal);
    },
  };
}

async function openContext(
  options: DirectorySourceOptions,
  logins: LoginMemory,
  signal: AbortSignal,
): Promise<DirectoryContext> {
  const { link, settings } = options;
  const rootDse = await readRootDse(link, signal);
  const told = chooseDialect(rootDse, options.vendor);
  const dialect = options.accountFlag === undefined ? told : withAccountFlag(told, options.accountFlag);
  const scope = makeScope(settings, dialect);
  await assertBaseReadable(link, scope.users.base.toString(), 'USERS_BASE_DN', signal);
  const schema = await (options.schema ?? ((s) => readDirectorySchema(link, rootDse, s)))(signal);
  return {
    link,
    rootDse,
    dialect: withBinarySyntaxes(dialect, schema),
    account: dialect.account(schema),
    scope: scope.users,
    judge: makeScopeJudge(scope.users, dialect, schema),
    groupScope: scope.groups,
    groupJudge: makeScopeJudge(scope.groups, dialect, schema),
    sourceGroup: undefined,
    isPerson: makeClassTest(dialect.userFilter, schema),
    isGroup: makeClassTest(dialect.groupFilter, schema),
    memberReading: memberReadingOf(settings, dialect),
    lookups: new GroupLookups(),
    logins,
    namingContext: namingContextOf(rootDse, scope.users.base),
    schema,
  };
}

/** The same directory, with a scope that takes nobody but the members of this group. */
function withinGroup(context: DirectoryContext, sourceGroup: SourceGroup): DirectoryContext {
  if (sourceGroup.members !== undefined || sourceGroup.condition === undefined)
    return { ...context, sourceGroup };
  const scope = { ...context.scope, filter: and(context.scope.filter, sourceGroup.condition) };
  return { ...context, scope, sourceGroup, judge: makeScopeJudge(scope, context.dialect, context.schema) };
}

function basesOf(context: DirectoryContext, need: ReadNeed): readonly string[] {
  const bases = [context.scope.base, ...(need.groups === undefined ? [] : [context.groupScope.base])];
  return [...new Set(bases.map((base) => base.normal))];
}

/** Only for rules that read groups; the base of people was looked at when the source was opened. */
async function assertGroupsReadable(
  context: DirectoryContext,
  need: ReadNeed,
  signal: AbortSignal,
): Promise<void> {
  const { base } = context.groupScope;
  if (need.groups !== undefined && !base.equals(context.scope.base))
    await assertBaseReadable(context.link, base.toString(), 'GROUPS_RELATIVE_DN', signal);
}

/** A base that is not there, or not to be seen, is an error here: a search below it could only find nothing. */
async function assertBaseReadable(
  link: DirectoryLink,
  base: string,
  setting: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const request = {
      base,
      scope: 'base' as const,
      filter: present('objectClass'),
      attributes: ['1.1'],
      pageSize: 0,
    };
    const { entries } = await readEntries(link, request, signal);
    if (entries.length > 0) return;
  } catch (error) {
    if (!(error instanceof LdapError) || (error.class !== 'gone' && error.resultCode !== 34)) throw error;
    throw new CodedError('BASE_DN_NOT_FOUND', baseMessage(base, setting, error.matchedDn), { cause: error });
  }
  throw new CodedError('BASE_DN_NOT_FOUND', baseMessage(base, setting, ''));
}

function baseMessage(base: string, setting: string, matchedDn: string): string {
  const upTo = matchedDn === '' ? '' : ` The directory knows it up to ${matchedDn}.`;
  return `The base DN ${base} does not exist, or the bind account may not read it.${upTo} Correct ${setting} or grant the right.`;
}

function accountWarnings(context: DirectoryContext): readonly string[] {
  return context.account === undefined
    ? [
        'This directory has no account state that is known: set ACCOUNT_STATUS_ATTRIBUTE and ACCOUNT_STATUS_DISABLED_VALUE on the store to follow disabled accounts.',
      ]
    : [];
}
