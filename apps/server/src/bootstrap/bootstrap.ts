import { ROLES } from '@sallyport/contract';
import { newUuid, type Secret, type Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import { hashSecret, makeSecret } from '../secrets/secret-hash.ts';

export interface BootstrapOptions {
  readonly environmentId: Uuid | undefined;
  readonly clientId: Uuid | undefined;
  readonly clientSecret: Secret | undefined;
}

/** What the first start made: shown once, to whoever started it. */
export interface Bootstrapped {
  readonly environmentId: Uuid;
  readonly clientId: Uuid;
  readonly clientSecret: Secret;
  /** False if the operator gave it: then they know it, and it is not repeated. */
  readonly secretWasMade: boolean;
}

const DONE = 'bootstrap.done';

/**
 * On the first start: an environment and an application that may do everything. Undefined on every later one, even if the
 * environment was deleted since: a start must never hand out a new key to an installation that is in use.
 */
export async function bootstrap(store: Store, options: BootstrapOptions): Promise<Bootstrapped | undefined> {
  if ((await store.settings.get('system', DONE)) !== undefined) return undefined;
  const clientSecret = options.clientSecret ?? makeSecret();
  const wanted = options.environmentId ?? newUuid();
  // A start that was cut off in the middle is finished by the next one.
  const existing = (await store.environments.get(wanted)) ?? (await onlyEnvironment(store));
  const environment =
    existing ??
    (await store.environments.create({
      id: wanted,
      name: 'Administrators',
      type: 'PRODUCTION',
      region: 'EU',
    }));
  const application = await store.applications.create({
    id: options.clientId ?? newUuid(),
    environmentId: environment.id,
    name: 'Administrator',
    description: 'Made on the first start',
    secretHash: await hashSecret(clientSecret),
    roles: ROLES.map((role) => ({ role, environmentId: undefined })),
  });
  await store.settings.put('system', DONE, environment.id);
  return {
    environmentId: environment.id,
    clientId: application.id,
    clientSecret,
    secretWasMade: options.clientSecret === undefined,
  };
}

async function onlyEnvironment(store: Store) {
  const { items } = await store.environments.list({ limit: 1 });
  return items[0];
}

/**
 * The text for standard output. Standard output carries nothing else, and the log goes to standard error: whoever collects
 * logs does not collect this.
 */
export function bootstrapText(made: Bootstrapped, publicUrl: string): string {
  return [
    '',
    'Sallyport has made its first environment and an administrator application.',
    'This is shown once; keep it safe.',
    '',
    `  address         ${publicUrl}`,
    `  environment id  ${made.environmentId}`,
    `  client id       ${made.clientId}`,
    `  client secret   ${made.secretWasMade ? made.clientSecret.reveal() : '(as given)'}`,
    '',
    '',
  ].join('\n');
}
