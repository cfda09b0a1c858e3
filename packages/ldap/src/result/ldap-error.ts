import type { Control, ResultFields } from '../message/message.ts';
import { readActiveDirectoryCode } from './active-directory-code.ts';
import type { LdapResult } from './ldap-result.ts';
import { classifyResult, type ResultClass } from './result-class.ts';
import { resultCodeName } from './result-code.ts';

/** Failures that no server reported, with what they mean for a retry. */
const CLIENT_FAILURES = {
  LDAP_CONNECTION_LOST: { class: 'retry', retryable: true },
  LDAP_TIMEOUT: { class: 'retry', retryable: true },
  LDAP_HOST_UNREACHABLE: { class: 'retry', retryable: true },
  /** A name that does not resolve is a wrong setting or a resolver that is down: worth another try, worth telling. */
  LDAP_HOST_UNKNOWN: { class: 'configuration', retryable: true },
  LDAP_TLS_UNTRUSTED: { class: 'configuration', retryable: false },
  LDAP_TLS_FAILED: { class: 'configuration', retryable: false },
  LDAP_START_TLS_REFUSED: { class: 'configuration', retryable: false },
  LDAP_BIND_REFUSED: { class: 'configuration', retryable: false },
  LDAP_EMPTY_PASSWORD: { class: 'signOn', retryable: false },
  LDAP_PROTOCOL: { class: 'bug', retryable: false },
  LDAP_RANGE_INCOMPLETE: { class: 'retry', retryable: true },
  LDAP_ABORTED: { class: 'refused', retryable: false },
  LDAP_CLOSED: { class: 'bug', retryable: false },
} as const satisfies Record<string, { class: ResultClass; retryable: boolean }>;

export type ClientFailureCode = keyof typeof CLIENT_FAILURES;

export interface LdapErrorDetails {
  readonly code: string;
  readonly class: ResultClass;
  readonly retryable: boolean;
  /** Present if a server answered. */
  readonly result?: LdapResult;
  /** True if the request may have been carried out although no answer came: settle it by reading. */
  readonly outcomeUnknown?: boolean;
  readonly server?: string;
  readonly cause?: unknown;
}

/**
 * A directory operation that failed, by the server's answer or on the way. `code` is stable text
 * (`LDAP_NO_SUCH_OBJECT`, `LDAP_TIMEOUT`); `class` says what to do; `adCode` is Active Directory's own error.
 */
export class LdapError extends Error {
  override readonly name = 'LdapError';
  readonly code: string;
  readonly class: ResultClass;
  readonly retryable: boolean;
  readonly outcomeUnknown: boolean;
  readonly resultCode: number | undefined;
  readonly matchedDn: string;
  readonly diagnosticMessage: string;
  readonly referrals: readonly string[];
  readonly controls: readonly Control[];
  readonly adCode: number | undefined;
  readonly server: string | undefined;

  constructor(message: string, details: LdapErrorDetails) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    const { result } = details;
    this.code = details.code;
    this.class = details.class;
    this.retryable = details.retryable;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.resultCode = result?.resultCode;
    this.matchedDn = result?.matchedDn ?? '';
    this.diagnosticMessage = result?.diagnosticMessage ?? '';
    this.referrals = result?.referrals ?? [];
    this.controls = result?.controls ?? [];
    this.adCode = result === undefined ? undefined : readActiveDirectoryCode(result.diagnosticMessage)?.code;
    this.server = details.server;
  }
}

/** The error for a result that is no success, e.g. `LDAP_NO_SUCH_OBJECT`. */
export function makeResultError(
  result: ResultFields & { readonly controls?: readonly Control[] },
  context: { readonly operation: string; readonly server?: string | undefined },
): LdapError {
  const { resultCode, diagnosticMessage } = result;
  const resultClass = classifyResult(resultCode, diagnosticMessage);
  return new LdapError(describeResult(result, context), {
    code: resultErrorCode(resultCode),
    class: resultClass,
    retryable: resultClass === 'retry',
    result: { ...result, controls: result.controls ?? [] },
    ...(context.server === undefined ? {} : { server: context.server }),
  });
}

/** The error for a failure on our side of the wire. */
export function makeClientError(
  code: ClientFailureCode,
  message: string,
  details: {
    readonly cause?: unknown;
    readonly server?: string | undefined;
    readonly outcomeUnknown?: boolean;
    readonly result?: LdapResult;
    readonly retryable?: boolean;
  } = {},
): LdapError {
  const failure = CLIENT_FAILURES[code];
  const { cause, server, outcomeUnknown, result, retryable } = details;
  return new LdapError(message, {
    code,
    class: failure.class,
    retryable: retryable ?? failure.retryable,
    ...(cause === undefined ? {} : { cause }),
    ...(server === undefined ? {} : { server }),
    ...(outcomeUnknown === undefined ? {} : { outcomeUnknown }),
    ...(result === undefined ? {} : { result }),
  });
}

/** One line about a result: operation, name, number, what the server said and what Active Directory meant. */
export function describeResult(
  result: ResultFields,
  context: { readonly operation: string; readonly server?: string | undefined },
): string {
  const { resultCode, diagnosticMessage, matchedDn } = result;
  const parts = [`${context.operation} failed: ${resultCodeName(resultCode)} (${resultCode})`];
  if (context.server !== undefined) parts.push(` from ${context.server}`);
  const meaning = readActiveDirectoryCode(diagnosticMessage)?.known?.meaning;
  if (meaning !== undefined) parts.push(`: ${meaning}`);
  const said = printable(diagnosticMessage);
  if (said !== '') parts.push(meaning === undefined ? `: ${said}` : ` [${said}]`);
  if (matchedDn !== '') parts.push(`; the server knows ${printable(matchedDn)}`);
  return parts.join('');
}

/** `LDAP_` and the result's name in capitals, e.g. `LDAP_ENTRY_ALREADY_EXISTS`. */
function resultErrorCode(resultCode: number): string {
  const name = resultCodeName(resultCode);
  if (name.endsWith(')')) return `LDAP_RESULT_${resultCode}`;
  return `LDAP_${name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}`;
}

/** Active Directory ends its messages with a NUL; none of that belongs into a log line. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
}
