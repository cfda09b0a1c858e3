/** Result codes by name (RFC 4511 Appendix A; 118 to 123: RFC 3909, RFC 4528, RFC 4370; 4096: RFC 4533). */
export const RESULT_CODE = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  compareFalse: 5,
  compareTrue: 6,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  referral: 10,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  confidentialityRequired: 13,
  saslBindInProgress: 14,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  inappropriateMatching: 18,
  constraintViolation: 19,
  attributeOrValueExists: 20,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  aliasProblem: 33,
  invalidDnSyntax: 34,
  aliasDereferencingProblem: 36,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  loopDetect: 54,
  sortControlMissing: 60,
  offsetRangeError: 61,
  namingViolation: 64,
  objectClassViolation: 65,
  notAllowedOnNonLeaf: 66,
  notAllowedOnRdn: 67,
  entryAlreadyExists: 68,
  objectClassModsProhibited: 69,
  resultsTooLarge: 70,
  affectsMultipleDsas: 71,
  virtualListViewError: 76,
  other: 80,
  canceled: 118,
  noSuchOperation: 119,
  tooLate: 120,
  cannotCancel: 121,
  assertionFailed: 122,
  authorizationDenied: 123,
  syncRefreshRequired: 4096,
} as const;

export type ResultCodeName = keyof typeof RESULT_CODE;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(RESULT_CODE).map(([name, code]) => [code, name]),
);

/** The name of a result code, or `resultCode(N)` for one that no RFC here names. */
export function resultCodeName(code: number): string {
  return NAMES.get(code) ?? `resultCode(${code})`;
}
