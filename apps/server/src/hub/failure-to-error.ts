import { type FailureMessage, fromBase64, type LdapResultField } from '@sallyport/contract';
import { LdapError, type LdapResult, type ResultClass } from '@sallyport/ldap';

/** The result of an instance as a direct link would have given it. */
export function toLdapResult(field: LdapResultField): LdapResult {
  return {
    ...field,
    controls: field.controls.map(({ oid, critical, value }) => ({
      oid,
      critical,
      ...(value === undefined ? {} : { value: fromBase64(value) }),
    })),
  };
}

/** The failure that an instance reports, as the error a direct link would have thrown. */
export function toLdapError(failure: FailureMessage): LdapError {
  const { error } = failure;
  return new LdapError(error.message, {
    code: error.code,
    class: readClass(error.class),
    retryable: error.retryable,
    outcomeUnknown: error.effect === 'unknown',
    ...(error.result === undefined ? {} : { result: toLdapResult(error.result) }),
    ...(error.server === undefined ? {} : { server: error.server }),
  });
}

const CLASSES: Readonly<Record<ResultClass, true>> = {
  success: true,
  unchanged: true,
  retry: true,
  reject: true,
  conflict: true,
  gone: true,
  refused: true,
  configuration: true,
  signOn: true,
  resync: true,
  bug: true,
};

/** A class that a newer instance knows and we do not is a plain refusal. */
function readClass(name: string): ResultClass {
  return isClass(name) ? name : 'refused';
}

function isClass(name: string): name is ResultClass {
  return Object.hasOwn(CLASSES, name);
}
