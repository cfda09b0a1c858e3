import { type FailureMessage, type LdapResultField, toBase64 } from '@sallyport/contract';
import { LdapError, type LdapResult } from '@sallyport/ldap';

const MAX_TEXT = 60_000;

/** A result as it travels. */
export function resultField(result: LdapResult): LdapResultField {
  return {
    resultCode: result.resultCode,
    matchedDn: result.matchedDn,
    diagnosticMessage: result.diagnosticMessage.slice(0, MAX_TEXT),
    referrals: [...result.referrals],
    controls: result.controls.map(({ oid, critical, value }) => ({
      oid,
      critical,
      ...(value === undefined ? {} : { value: toBase64(value) }),
    })),
  };
}

/** A failure as it travels. What is no `LdapError` is a fault of this program, and its effect is not known. */
export function failureMessage(id: number, error: unknown): FailureMessage {
  if (!(error instanceof LdapError)) {
    const text = error instanceof Error ? error.message : String(error);
    return {
      type: 'failure',
      id,
      error: {
        code: 'GATEWAY_FAULT',
        message: `The gateway failed: ${text}`.slice(0, MAX_TEXT),
        class: 'bug',
        retryable: false,
        effect: 'unknown',
      },
    };
  }
  const { resultCode } = error;
  return {
    type: 'failure',
    id,
    error: {
      code: error.code,
      message: error.message.slice(0, MAX_TEXT),
      class: error.class,
      retryable: error.retryable,
      effect: error.outcomeUnknown ? 'unknown' : 'notDone',
      ...(resultCode === undefined ? {} : { result: resultField({ ...error, resultCode }) }),
      ...(error.server === undefined ? {} : { server: error.server }),
    },
  };
}
