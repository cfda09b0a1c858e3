import { isReadOnlyExtended } from '../extended/extended-oid.ts';
import type { ExtendedOutcome } from '../link/directory-link.ts';
import type { Control } from '../message/message.ts';
import { makeClientError, makeResultError } from '../result/ldap-error.ts';
import { RESULT_CODE } from '../result/result-code.ts';
import type { ResponsePlan } from './response-reader.ts';

/** One extended operation with the intermediate responses before its final one (RFC 4511 §4.12, §4.13). */
export function makeExtendedPlan(
  oid: string,
  value: Buffer | undefined,
  controls: readonly Control[],
): ResponsePlan<ExtendedOutcome> {
  const name = `extended operation ${oid}`;
  let intermediateCount = 0;
  return {
    name,
    changes: !isReadOnlyExtended(oid),
    request: () => ({
      op: { kind: 'extendedRequest', oid, ...(value === undefined ? {} : { value }) },
      controls,
    }),
    received(_entries, intermediates) {
      intermediateCount += intermediates;
    },
    judge(message, server) {
      const { op } = message;
      if (op.kind !== 'extendedResponse')
        throw makeClientError('LDAP_PROTOCOL', `${name} was answered with a ${op.kind}`, { server });
      const { resultCode, matchedDn, diagnosticMessage, referrals } = op;
      const result = { resultCode, matchedDn, diagnosticMessage, referrals, controls: message.controls };
      if (resultCode !== RESULT_CODE.success) throw makeResultError(result, { operation: name, server });
      return {
        ...result,
        intermediateCount,
        ...(op.oid === undefined ? {} : { oid: op.oid }),
        ...(op.value === undefined ? {} : { value: Buffer.from(op.value) }),
      };
    },
    left: () => ({
      resultCode: RESULT_CODE.canceled,
      matchedDn: '',
      diagnosticMessage: 'left by the reader',
      referrals: [],
      controls: [],
      intermediateCount,
    }),
  };
}
