import { type DirectoryLink, LdapError, makeClientError, makeResultError } from '@sallyport/ldap';
import { newUuid, Secret } from '@sallyport/model';
import type { Gateway } from '@sallyport/store';
import { expect, test } from 'vitest';
import { makeDirectorySignOn, readSignOn } from './directory-sign-on.ts';

const AD_REFUSAL = (data: string): string =>
  `80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data ${data}, v1db1`;

function refusal(resultCode: number, diagnosticMessage = ''): LdapError {
  return makeResultError(
    { resultCode, matchedDn: '', diagnosticMessage, referrals: [] },
    { operation: 'sign-on' },
  );
}

test('what a refused sign-on says of the account, and that everything else says nothing of it', () => {
  const answers = [
    [refusal(49), 'wrong'],
    [refusal(49, AD_REFUSAL('52e')), 'wrong'],
    [refusal(49, AD_REFUSAL('525')), 'wrong'],
    [refusal(49, AD_REFUSAL('530')), 'notUsable'],
    [refusal(49, AD_REFUSAL('532')), 'expired'],
    [refusal(49, AD_REFUSAL('533')), 'notUsable'],
    [refusal(49, AD_REFUSAL('701')), 'notUsable'],
    [refusal(49, AD_REFUSAL('773')), 'mustChange'],
    [refusal(49, AD_REFUSAL('775')), 'locked'],
    [refusal(49, AD_REFUSAL('999')), 'wrong'],
    [refusal(19), 'locked'],
    [refusal(53), 'notUsable'],
    [refusal(48), 'wrong'],
    [refusal(32), 'wrong'],
    // Busy, unavailable, confidentiality required: the directory's business.
    [refusal(51), undefined],
    [refusal(52), undefined],
    [refusal(13), undefined],
    [makeClientError('LDAP_TIMEOUT', 'no answer'), undefined],
    [
      // The service account, on the way to the user.
      makeClientError('LDAP_BIND_REFUSED', 'refused', {
        result: { resultCode: 49, matchedDn: '', diagnosticMessage: '', referrals: [], controls: [] },
      }),
      undefined,
    ],
  ] as const;
  for (const [error, answer] of answers)
    expect([error.message, readSignOn(error)]).toEqual([error.message, answer]);
});

const environmentId = newUuid();
const gateway: Gateway = {
  id: newUuid(),
  environmentId,
  name: 'AD',
  description: undefined,
  type: 'LDAP',
  enabled: true,
  properties: {
    userTypes: [{ id: 't', name: 'Staff', searchBaseDn: 'DC=x', orderedCorrelationAttributes: [] }],
  },
  createdAt: 0,
  updatedAt: 0,
};

/** A directory whose searches fail. Everything else of it must not be asked. */
function failing(error: unknown): DirectoryLink {
  const search: DirectoryLink['search'] = () => {
    throw error;
  };
  return new Proxy<DirectoryLink>(Object.create(null), {
    get: (_target, name) => {
      if (name === 'search') return search;
      throw new Error(`nobody should ask for ${String(name)}`);
    },
  });
}

test('a gateway or user type that is gone, and a directory that does not answer, say nothing of the password', async () => {
  const ask = (known: Gateway | undefined, userTypeId: string, link = failing(new Error('not asked'))) =>
    makeDirectorySignOn({ gateways: { get: async () => known } }, () => link).check(
      environmentId,
      { gatewayId: gateway.id, userTypeId, correlationAttributes: { objectGUID: 'x' } },
      new Secret('geheim'),
      new AbortController().signal,
    );
  await expect(ask(undefined, 't')).rejects.toMatchObject({ code: 'PASSWORD_GATEWAY_GONE' });
  await expect(ask({ ...gateway, enabled: false }, 't')).rejects.toMatchObject({
    code: 'PASSWORD_GATEWAY_GONE',
  });
  await expect(ask(gateway, 'u')).rejects.toMatchObject({ code: 'PASSWORD_GATEWAY_GONE' });
  const refused = new LdapError('the service account is refused', {
    code: 'LDAP_BIND_REFUSED',
    class: 'configuration',
    retryable: false,
    result: { resultCode: 49, matchedDn: '', diagnosticMessage: '', referrals: [], controls: [] },
  });
  const error: unknown = await ask(gateway, 't', failing(refused)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'DIRECTORY_UNAVAILABLE', details: [{ code: 'LDAP_BIND_REFUSED' }] });
  expect(JSON.stringify(error)).not.toContain('geheim');
});
