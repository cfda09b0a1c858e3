import { findCorrelated, type PasswordGateway } from '@sallyport/connectors';
import { type DirectoryLink, LdapError, RESULT_CODE } from '@sallyport/ldap';
import { CodedError, readUuid, type Secret, type Uuid } from '@sallyport/model';
import type { Gateway, Store } from '@sallyport/store';
import { readLdapGateway } from '../gateways/gateway-record.ts';

/** What a sign-on at the directory came to, if the directory could be asked. */
export type SignOn =
  | 'right'
  | 'wrong'
  | 'expired'
  | 'mustChange'
  | 'locked'
  /** Disabled, expired, restricted: the account, whatever the password. */
  | 'notUsable';

/** Where gateways are looked up. */
interface GatewaySource {
  readonly gateways: Pick<Store['gateways'], 'get'>;
}

export interface DirectorySignOn {
  /**
   * Signs on as the user that `gateway` names, on a connection of its own, and forgets the password.
   * @throws CodedError PASSWORD_GATEWAY_GONE, DIRECTORY_USER_NOT_FOUND, DIRECTORY_UNAVAILABLE
   */
  check(
    environmentId: Uuid,
    gateway: PasswordGateway,
    password: Secret,
    signal: AbortSignal,
  ): Promise<SignOn>;
}

/** Somebody waits in front of a screen. */
const WAIT_MS = 15_000;

export function makeDirectorySignOn(
  store: GatewaySource,
  linkOf: (gatewayId: string) => DirectoryLink,
): DirectorySignOn {
  return {
    check: async (environmentId, link, password, signal) => {
      const gateway = await gatewayOf(store, environmentId, link.gatewayId);
      const userType = readLdapGateway(gateway).userTypes.find(({ id }) => id === link.userTypeId);
      if (userType === undefined)
        throw new CodedError(
          'PASSWORD_GATEWAY_GONE',
          `Gateway ${gateway.name} has no user type ${link.userTypeId} any more, which checks this user's password`,
        );
      const waiting = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
      const directory = linkOf(gateway.id);
      try {
        const found = await findCorrelated(
          directory,
          {
            baseDn: userType.searchBaseDn,
            orderedAttributes: userType.orderedCorrelationAttributes,
            values: link.correlationAttributes,
          },
          waiting,
        );
        if (found.found === 'one') return await signOn(directory, found.dn, password, waiting);
        const names = Object.keys(link.correlationAttributes).join(', ');
        throw new CodedError(
          'DIRECTORY_USER_NOT_FOUND',
          found.found === 'none'
            ? `No entry below ${userType.searchBaseDn} has the ${names} that the user is linked by`
            : `Several entries below ${userType.searchBaseDn} have the user's ${found.attribute}; link by an attribute that identifies`,
        );
      } catch (error) {
        if (!(error instanceof LdapError)) throw error;
        // Without a cause: nothing of the request may come into a log with it.
        throw new CodedError('DIRECTORY_UNAVAILABLE', `The directory could not be asked: ${error.message}`, {
          details: [{ code: error.code, message: error.message }],
        });
      }
    },
  };
}

async function gatewayOf(store: GatewaySource, environmentId: Uuid, gatewayId: string): Promise<Gateway> {
  const id = readUuid(gatewayId);
  const gateway = id === undefined ? undefined : await store.gateways.get(environmentId, id);
  if (gateway === undefined)
    throw new CodedError(
      'PASSWORD_GATEWAY_GONE',
      "The gateway that checks this user's password does not exist any more",
    );
  if (!gateway.enabled)
    throw new CodedError('PASSWORD_GATEWAY_GONE', `The gateway ${gateway.name} is disabled; enable it first`);
  return gateway;
}

async function signOn(
  directory: DirectoryLink,
  dn: string,
  password: Secret,
  signal: AbortSignal,
): Promise<SignOn> {
  try {
    await directory.checkPassword(dn, password.reveal(), { signal });
    return 'right';
  } catch (error) {
    const answer = error instanceof LdapError ? readSignOn(error) : undefined;
    if (answer === undefined) throw error;
    return answer;
  }
}

/** What a refused bind says of the account; undefined where it says nothing of it. */
export function readSignOn(error: LdapError): SignOn | undefined {
  if (NOT_THE_BIND.has(error.code)) return undefined;
  switch (error.resultCode) {
    case RESULT_CODE.invalidCredentials:
      return (error.adCode === undefined ? undefined : BY_CODE.get(error.adCode)) ?? 'wrong';
    // 389 Directory Server: locked after failures (19), inactivated (53). An entry without a password: 48.
    case RESULT_CODE.constraintViolation:
      return 'locked';
    case RESULT_CODE.unwillingToPerform:
      return 'notUsable';
    case RESULT_CODE.inappropriateAuthentication:
    case RESULT_CODE.noSuchObject:
      return 'wrong';
    default:
      return undefined;
  }
}

/** These carry a result code of something that came before the user's own bind. */
const NOT_THE_BIND: ReadonlySet<string> = new Set(['LDAP_BIND_REFUSED', 'LDAP_START_TLS_REFUSED']);

// Active Directory tells all but 775 only to whoever gave the right password, so that nothing is given away by passing it on.
const BY_CODE: ReadonlyMap<number, SignOn> = new Map<number, SignOn>([
  [0x52e, 'wrong'],
  [0x525, 'wrong'],
  [0x52f, 'notUsable'],
  [0x530, 'notUsable'],
  [0x531, 'notUsable'],
  [0x532, 'expired'],
  [0x533, 'notUsable'],
  [0x701, 'notUsable'],
  [0x773, 'mustChange'],
  [0x775, 'locked'],
]);
