import { CodedError } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import type { Actor } from './actor.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** Who the bearer token of a request belongs to (RFC 6750 §2.1). Throws INVALID_TOKEN. */
export type Authenticate = (authorization: string | undefined) => Promise<Actor>;

export function makeAuthenticate(store: Store, tokens: TokenIssuer): Authenticate {
  return async (authorization) => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (token === undefined)
      throw new CodedError(
        'INVALID_TOKEN',
        'The request has no bearer token; send Authorization: Bearer TOKEN',
      );
    const { applicationId, environmentId } = await tokens.verifyAccessToken(token);
    const application = await store.applications.get(environmentId, applicationId);
    if (application === undefined || !application.enabled)
      throw new CodedError('INVALID_TOKEN', 'The application of this access token was deleted or disabled');
    return { applicationId, environmentId, name: application.name, roles: application.roles };
  };
}
