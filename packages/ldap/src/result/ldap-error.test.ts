import { describe, expect, it } from 'vitest';
import { readActiveDirectoryCode } from './active-directory-code.ts';
import { makeClientError, makeResultError } from './ldap-error.ts';
import { classifyResult, type ResultClass } from './result-class.ts';
import { RESULT_CODE, resultCodeName } from './result-code.ts';

const fields = (resultCode: number, diagnosticMessage = '') => ({
  resultCode,
  diagnosticMessage,
  matchedDn: '',
  referrals: [],
});

describe('result classes', () => {
  it.each<[number, string, ResultClass]>([
    [RESULT_CODE.success, '', 'success'],
    [RESULT_CODE.busy, '', 'retry'],
    [RESULT_CODE.entryAlreadyExists, '', 'conflict'],
    [RESULT_CODE.noSuchObject, '', 'gone'],
    [RESULT_CODE.insufficientAccessRights, '', 'refused'],
    [RESULT_CODE.invalidCredentials, '', 'signOn'],
    [RESULT_CODE.protocolError, '', 'bug'],
    [RESULT_CODE.syncRefreshRequired, '', 'resync'],
    [9999, '', 'refused'],
    [
      RESULT_CODE.operationsError,
      '000004DC: LdapErr: DSID-0C090A5C, comment: bind first, data 0, v4563',
      'retry',
    ],
    [
      RESULT_CODE.constraintViolation,
      '0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM)',
      'reject',
    ],
    [RESULT_CODE.unwillingToPerform, '00000529: SvcErr: DSID-0', 'unchanged'],
    [
      RESULT_CODE.unwillingToPerform,
      '0000203D: LdapErr: DSID-0, comment: Error processing control',
      'resync',
    ],
    [RESULT_CODE.invalidCredentials, '80090308: LdapErr: DSID-0, comment: x, data 525, v4563', 'signOn'],
    [RESULT_CODE.other, '00000057: unknown to us', 'refused'],
  ])('takes %i "%s" as %s', (code, message, expected) => {
    expect(classifyResult(code, message)).toBe(expected);
  });

  it('reads the sub-code of a refused bind from its data field', () => {
    const message =
      '80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 533, v3839\u0000';
    expect(readActiveDirectoryCode(message)).toMatchObject({
      code: 0x533,
      known: { meaning: 'the account is disabled' },
    });
    expect(readActiveDirectoryCode('invalid credentials')).toBeUndefined();
  });
});

describe('errors', () => {
  it('say what the server answered, in words that can be printed', () => {
    const error = makeResultError(fields(19, '0000052D: SvcErr: problem 5003\u0000'), {
      operation: 'modify of CN=Ana',
      server: 'dc1:636',
    });
    expect(error).toMatchObject({
      code: 'LDAP_CONSTRAINT_VIOLATION',
      class: 'reject',
      retryable: false,
      adCode: 0x52d,
      resultCode: 19,
    });
    expect(error.message).toBe(
      'modify of CN=Ana failed: constraintViolation (19) from dc1:636: the password does not meet the policy ' +
        '(length, complexity or history) [0000052D: SvcErr: problem 5003]',
    );
  });

  it('have stable codes for failures of our own side', () => {
    expect(makeClientError('LDAP_TIMEOUT', 'no answer', { outcomeUnknown: true })).toMatchObject({
      code: 'LDAP_TIMEOUT',
      class: 'retry',
      retryable: true,
      outcomeUnknown: true,
      resultCode: undefined,
    });
  });

  it('name every code once', () => {
    expect(new Set(Object.values(RESULT_CODE)).size).toBe(Object.keys(RESULT_CODE).length);
    expect(resultCodeName(68)).toBe('entryAlreadyExists');
    expect(makeResultError(fields(777), { operation: 'x' }).code).toBe('LDAP_RESULT_777');
  });
});
