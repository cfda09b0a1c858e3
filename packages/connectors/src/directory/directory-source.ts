import type {
  KeyAnswer,
  Position,
  ReadEnd,
  ReadNeed,
  ScopeExplanation,
  SourceChange,
  SourceObject,
  SourceReader,
  SourceSummary,
} from '@sallyport/engine';
import {
  and,
  attributesOf,
  type DirectoryLink,
  eq,
  LdapError,
  or,
  present,
  readDn,
  type Schema,
} from '@sallyport/ldap';
import { CodedError, type InboundSettings, type ObjectType } from '@sallyport/model';
import { completeRangedEntries, type WholeEntry } from './complete-ranges.ts';
import { chooseDialect } from './dialect/choose-dialect.ts';
import { type AccountFlag, withAccountFlag } from './dialect/standard.ts';
import {
  attributesToRead,
  chunksOf,
  type DirectoryContext,
  judgeEntries,
  KEYS_PER_SEARCH,
  keysFilter,
  toSourceObject,
} from './directory-context.ts';
import { readDirectorySchema } from './directory-schema.ts';
import { readEntries } from './read-entries.ts';
import { namingContextOf, readRootDse } from './root-dse.ts';
import { makeScope } from './scope/scope.ts';
import type { ChangeStrategy } from './strategy/change-strategy.ts';
import { chooseStrategy } from './strategy/choose-strategy.ts';

export interface DirectorySourceOptions {
  readonly link: DirectoryLink;
  readonly settings: InboundSettings;
  /** What the gateway's record says; the server's own root DSE goes before it. */
  readonly vendor: string | undefined;
  readonly accountFlag: AccountFlag | undefined;
  /** A schema read before, so that ten rules on one directory do not read it ten times. */
  readonly schema?: (signal: AbortSignal) => Promise<Schema>;
}

/** Entries handed to the engine at once: one transaction each. */
const BATCH_SIZE = 1000;

/** The source end of an inbound rule: an LDAP directory behind a link, seen through the rule's scope. */
export function makeDirectorySource(options: DirectorySourceOptions): SourceReader {
  let opened: { readonly context: DirectoryContext; readonly strategy: ChangeStrategy } | undefined;

  function state(): { readonly context: DirectoryContext; readonly strategy: ChangeStrategy } {
    if (opened === undefined) throw new TypeError('open() has not been called');
    return opened;
  }

  return {
    async open(signal): Promise<SourceSummary> {
      const context = await openContext(options, signal);
      const strategy = await chooseStrategy(context, options.settings.changeStrategy, signal);
      opened = { context, strategy };
      return {
        strategy: strategy.name,
        strategyReason: strategy.reason,
        warnings: [...strategy.warnings, ...accountWarnings(context)],
      };
    },

    async *readAll(need, signal): AsyncGenerator<readonly SourceObject[], ReadEnd> {
      const { context, strategy } = state();
      const position = await strategy.currentPosition(signal);
      const base = context.scope.base.toString();
      const stream = context.link.search(
        { base, scope: 'sub', filter: context.scope.filter, attributes: attributesToRead(context, need) },
        { signal },
      );
      let batch: SourceObject[] = [];
      for await (const bytes of stream) {
        const entries = await completeRangedEntries(context.link, bytes, signal);
        for (const { entry, completed } of entries) {
          batch.push(toSourceObject(context, entry, true, completed));
          if (batch.length === BATCH_SIZE) {
            yield batch;
            batch = [];
          }
        }
      }
      await stream.outcome;
      if (batch.length > 0) yield batch;
      // What another server had not heard of yet would never be asked for again.
      const holds = strategy.stillHolds === undefined || (await strategy.stillHolds(position, signal));
      return {
        position: holds ? position : undefined,
        basesRead: [context.scope.base.normal],
        deletionsSeen: strategy.deletionsSeen,
      };
    },

    async *changesSince(position, need, signal): AsyncGenerator<readonly SourceChange[], ReadEnd> {
      const { context, strategy } = state();
      const changes = strategy.changesSince(position, need, signal);
      let end: Position | undefined;
      try {
        while (end === undefined) {
          const next = await changes.next();
          if (next.done === true) end = next.value;
          else for (const part of chunksOf(next.value, BATCH_SIZE)) yield part;
        }
      } finally {
        // Left early, its search is still open.
        if (end === undefined) await changes.return(position);
      }
      return { position: end, basesRead: [context.scope.base.normal], deletionsSeen: strategy.deletionsSeen };
    },

    async readByKeys(_objectType: ObjectType, keys, need, signal): Promise<readonly KeyAnswer[]> {
      return readByKeys(state().context, keys, need, signal);
    },

    async find(identifier, need, signal) {
      return find(state().context, identifier, need, signal);
    },

    async *hints(signal): AsyncGenerator<void> {
      const { strategy } = state();
      if (strategy.hints !== undefined) yield* strategy.hints(signal);
    },
  };
}

async function openContext(options: DirectorySourceOptions, signal: AbortSignal): Promise<DirectoryContext> {
  const { link, settings } = options;
  const rootDse = await readRootDse(link, signal);
  const told = chooseDialect(rootDse, options.vendor);
  const dialect = options.accountFlag === undefined ? told : withAccountFlag(told, options.accountFlag);
  const scope = makeScope(settings, dialect);
  await assertBaseReadable(link, scope.base.toString(), signal);
  const schema = await (options.schema ?? ((s) => readDirectorySchema(link, rootDse, s)))(signal);
  const namingContext = namingContextOf(rootDse, scope.base);
  return { link, rootDse, dialect, account: dialect.account(schema), scope, namingContext, schema };
}

/** A base that is not there, or not to be seen, is an error here: a search below it could only find nothing. */
async function assertBaseReadable(link: DirectoryLink, base: string, signal: AbortSignal): Promise<void> {
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
    throw new CodedError('BASE_DN_NOT_FOUND', baseMessage(base, error.matchedDn), { cause: error });
  }
  throw new CodedError('BASE_DN_NOT_FOUND', baseMessage(base, ''));
}

function baseMessage(base: string, matchedDn: string): string {
  const upTo = matchedDn === '' ? '' : ` The directory knows it up to ${matchedDn}.`;
  return `The base DN ${base} does not exist, or the bind account may not read it.${upTo} Correct USERS_BASE_DN or grant the right.`;
}

function accountWarnings(context: DirectoryContext): readonly string[] {
  return context.account === undefined
    ? [
        'This directory has no account state that is known: set ACCOUNT_STATUS_ATTRIBUTE and ACCOUNT_STATUS_DISABLED_VALUE on the store to follow disabled accounts.',
      ]
    : [];
}

async function readByKeys(
  context: DirectoryContext,
  keys: readonly string[],
  need: ReadNeed,
  signal: AbortSignal,
): Promise<readonly KeyAnswer[]> {
  const answers = new Map<string, KeyAnswer>();
  const { dialect, link } = context;
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: context.namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(dialect, chunk),
      attributes: attributesToRead(context, need, ['objectClass', ...attributesOf(context.scope.filter)]),
    };
    const entries: WholeEntry[] = [];
    for await (const bytes of link.search(request, { signal }))
      entries.push(...(await completeRangedEntries(link, bytes, signal)));
    for (const { entry, completed, key, verdict } of await judgeEntries(context, entries, signal))
      answers.set(
        key,
        verdict.inScope
          ? { key, found: 'inScope', object: toSourceObject(context, entry, false, completed) }
          : { key, found: 'outOfScope', place: entry.dn, detail: verdict.clause },
      );
  }
  return keys.map((key) => answers.get(key) ?? { key, found: 'absent' });
}

async function find(
  context: DirectoryContext,
  identifier: string,
  need: ReadNeed,
  signal: AbortSignal,
): Promise<{ readonly object: SourceObject; readonly scope: ScopeExplanation } | undefined> {
  const { dialect, link } = context;
  const attributes = attributesToRead(context, need, ['objectClass', ...attributesOf(context.scope.filter)]);
  const search = async (
    base: string,
    scope: 'base' | 'sub',
    filter: ReturnType<typeof eq>,
  ): Promise<readonly WholeEntry[]> => {
    try {
      const entries: WholeEntry[] = [];
      for await (const bytes of link.search({ base, scope, filter, attributes, sizeLimit: 2 }, { signal }))
        entries.push(...(await completeRangedEntries(link, bytes, signal)));
      return entries;
    } catch (error) {
      if (error instanceof LdapError && (error.class === 'gone' || error.resultCode === 34)) return [];
      if (error instanceof LdapError && error.resultCode === 4) return [];
      throw error;
    }
  };
  const context_ = context.namingContext.toString();
  const byKey = readKeyFilter(dialect.keyFilter, identifier);
  const asDn = identifier.includes('=') ? readDn(identifier) : undefined;
  let entries: readonly WholeEntry[] = [];
  if (asDn !== undefined) entries = await search(asDn.toString(), 'base', present('objectClass'));
  else if (byKey !== undefined) entries = await search(context_, 'sub', byKey);
  else
    entries = await search(
      context_,
      'sub',
      and(dialect.userFilter, or(...dialect.loginAttributes.map((name) => eq(name, identifier)))),
    );
  const [judged] = await judgeEntries(context, entries.slice(0, 1), signal);
  if (judged === undefined) return undefined;
  return { object: toSourceObject(context, judged.entry, false, judged.completed), scope: judged.verdict };
}

function readKeyFilter(
  keyFilter: (key: string) => ReturnType<typeof eq>,
  text: string,
): ReturnType<typeof eq> | undefined {
  if (!/^\{?[0-9a-f]{8}-[0-9a-f-]{27}\}?$/i.test(text)) return undefined;
  return keyFilter(text.replace(/[{}]/g, '').toLowerCase());
}
