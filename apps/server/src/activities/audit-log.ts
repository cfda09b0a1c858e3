import type { NamedOperation } from '@sallyport/contract';
import { CodedError, readUuid } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { Activity, Store } from '@sallyport/store';
import type { Actor } from '../tokens/actor.ts';

type Params = Readonly<Record<string, string>>;

/** Writes down who changed what. Values are not recorded: they may be secret, and the journal has those of syncs. */
export interface AuditLog {
  record(named: NamedOperation, params: Params, actor: Actor, answer: unknown): Promise<void>;
  /** Somebody who was known tried, and was refused or met an error. */
  recordRefusal(named: NamedOperation, params: Params, actor: Actor, error: unknown): Promise<void>;
}

export function makeAuditLog(store: Pick<Store, 'activities'>, clock: Clock, log: Log): AuditLog {
  const append = async (
    named: NamedOperation,
    params: Params,
    actor: Actor,
    about: Pick<Activity, 'resource' | 'detail'>,
    refused: boolean,
  ): Promise<void> => {
    // A new environment is recorded in itself, an organization's change in the environment of whoever made it.
    const environmentId =
      readUuid(params.environmentId ?? (named.group === 'environments' ? about.resource.id : '')) ??
      actor.environmentId;
    const gone = named.group === 'environments' && (named.name === 'remove' || refused);
    try {
      await store.activities.append([
        {
          environmentId: gone ? actor.environmentId : environmentId,
          at: clock.now(),
          actor: { type: 'APPLICATION', id: actor.applicationId, name: actor.name },
          action: `${constant(named.group)}.${constant(named.name)}`,
          ...about,
        },
      ]);
    } catch (error) {
      // The change is made and committed, or refused: failing the request now would tell the client otherwise.
      log.error({ err: error, action: named.id }, 'the audit log cannot be written');
    }
  };
  return {
    record: (named, params, actor, answer) =>
      append(
        named,
        params,
        actor,
        {
          resource: resourceOf(named, params, answer),
          detail: { ...runOf(named, params, answer), ...told(answer) },
        },
        false,
      ),
    recordRefusal: (named, params, actor, error) =>
      append(
        named,
        params,
        actor,
        {
          resource: resourceOf(named, params, undefined),
          detail: {
            ...runOf(named, params, undefined),
            result: 'FAILED',
            // The code alone: a message may repeat what was sent.
            description: error instanceof CodedError ? error.code : 'UNEXPECTED_ERROR',
          },
        },
        true,
      ),
  };
}

/** What is done to a run is done to its rule, under which people look for it. */
function isAboutRun({ group }: NamedOperation): boolean {
  return group === 'runs';
}

function runOf(named: NamedOperation, params: Params, answer: unknown): { readonly run?: string } {
  if (!isAboutRun(named)) return {};
  const id = params.runId ?? readText(answer, 'id');
  return id === undefined ? {} : { run: id };
}

/** How much a decision was about. */
function told(answer: unknown): { readonly description?: string } {
  if (typeof answer !== 'object' || answer === null) return {};
  if (!('removals' in answer) || !('memberships' in answer)) return {};
  const { removals, memberships } = answer;
  return {
    description: `${String(removals)} ${removals === 1 ? 'removal' : 'removals'}, ${String(memberships)} of memberships`,
  };
}

function resourceOf(named: NamedOperation, params: Params, answer: unknown): Activity['resource'] {
  if (isAboutRun(named)) return { type: 'RULES', id: params.ruleId ?? '', name: undefined };
  const id = readText(answer, 'id') ?? Object.values(params).at(-1);
  return {
    type: constant(named.group),
    id: id ?? '',
    name: readText(answer, 'name') ?? readText(answer, 'username'),
  };
}

function readText(answer: unknown, key: string): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const value = Object.entries(answer).find(([name]) => name === key)?.[1];
  return typeof value === 'string' ? value : undefined;
}

/** `createInPlan` as `CREATE_IN_PLAN`. */
function constant(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
