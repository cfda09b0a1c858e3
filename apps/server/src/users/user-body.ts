import type { UserBody } from '@sallyport/contract';
import type { User } from '@sallyport/model';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';
import { passwordLinks } from '../passwords/password-body.ts';

export function userPath(user: Pick<User, 'environmentId' | 'id'>): string {
  return `${environmentPath(user.environmentId)}/users/${user.id}`;
}

/** A user as the API shows them. Custom attributes stand at the top level. */
export function userBody(user: User, addresses: Addresses): UserBody {
  const environment = environmentPath(user.environmentId);
  const path = `${environment}/users/${user.id}`;
  const { profile, state } = user;
  const { photo, ...plain } = profile;
  const locked = state.lockedAt !== undefined;
  return {
    _links: addresses.links(path, {
      environment,
      population: `${environment}/populations/${user.populationId}`,
      enabled: `${path}/enabled`,
      memberOfGroups: `${path}/memberOfGroups`,
      ...passwordLinks(path),
      syncedRules: `${path}/syncedRules`,
    }),
    ...plain,
    ...(photo?.href === undefined ? {} : { photo: { href: photo.href } }),
    ...present({ emailVerified: state.emailVerified }),
    id: user.id,
    environment: { id: user.environmentId },
    enabled: user.enabled,
    mfaEnabled: state.mfaEnabled ?? false,
    population: { id: user.populationId },
    account: {
      canAuthenticate: user.enabled && !locked,
      status: locked ? 'LOCKED' : 'OK',
      ...(state.lockedAt === undefined ? {} : { lockedAt: timestamp(state.lockedAt) }),
    },
    lifecycle: { status: state.lifecycleStatus ?? 'ACCOUNT_OK' },
    identityProvider: present({
      id: state.identityProvider?.id,
      type: state.identityProvider?.type ?? 'PING_ONE',
    }),
    verifyStatus: state.verifyStatus ?? 'NOT_INITIATED',
    createdAt: timestamp(user.createdAt),
    updatedAt: timestamp(user.updatedAt),
  };
}
