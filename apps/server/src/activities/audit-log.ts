import type { NamedOperation } from '@sallyport/contract';
import { readUuid } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import type { Actor } from '../tokens/actor.ts';

/** Writes down who changed what. Values are not recorded: they may be secret, and the journal has those of syncs. */
export interface AuditLog {
  record(
    named: NamedOperation,
    params: Readonly<Record<string, string>>,
    actor: Actor,
    answer: unknown,
  ): Promise<void>;
}

export function makeAuditLog(store: Store, clock: Clock, log: Log): AuditLog {
  return {
    record: async (named, params, actor, answer) => {
      const resource = resourceOf(named, params, answer);
      // A new environment is recorded in itself, an organization's change in the environment of whoever made it.
      const environmentId =
        readUuid(params.environmentId ?? (named.group === 'environments' ? resource.id : '')) ??
        actor.environmentId;
      const gone = named.group === 'environments' && named.name === 'remove';
      try {
        await store.activities.append([
          {
            environmentId: gone ? actor.environmentId : environmentId,
            at: clock.now(),
            actor: { type: 'APPLICATION', id: actor.applicationId, name: actor.name },
            action: `${constant(named.group)}.${constant(named.name)}`,
            resource,
            detail: {},
          },
        ]);
      } catch (error) {
        // The change is made and committed: failing the request now would tell the client otherwise.
        log.error({ err: error, action: named.id }, 'the audit log cannot be written');
      }
    },
  };
}

function resourceOf(
  named: NamedOperation,
  params: Readonly<Record<string, string>>,
  answer: unknown,
): { readonly type: string; readonly id: string; readonly name?: string } {
  const answered = typeof answer === 'object' && answer !== null ? answer : {};
  const name = 'name' in answered ? answered.name : 'username' in answered ? answered.username : undefined;
  const id = 'id' in answered && typeof answered.id === 'string' ? answered.id : Object.values(params).at(-1);
  return { type: constant(named.group), id: id ?? '', ...(typeof name === 'string' ? { name } : {}) };
}

/** `createInPlan` as `CREATE_IN_PLAN`. */
function constant(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
