/** What a code means to whoever meets it, and what the API makes of it. */
export interface CatalogueEntry {
  /** HTTP status of an answer that this code decides. */
  readonly status: number;
  /** `code` of the error body; the finer code stands in `details`. */
  readonly answer: ApiErrorCode;
  /** True if it happens in daily work and calls for no operator. */
  readonly normal: boolean;
  readonly meaning: string;
  readonly remedy: string;
}

export const API_ERROR_CODES = [
  'INVALID_DATA',
  'INVALID_REQUEST',
  'REQUEST_FAILED',
  'ACCESS_FAILED',
  'NOT_FOUND',
  'REQUEST_LIMITED',
  'UNEXPECTED_ERROR',
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

function entry(
  status: number,
  answer: ApiErrorCode,
  normal: boolean,
  meaning: string,
  remedy: string,
): CatalogueEntry {
  return { status, answer, normal, meaning, remedy };
}

const refused = (meaning: string, remedy: string): CatalogueEntry =>
  entry(400, 'INVALID_DATA', true, meaning, remedy);
const failed = (meaning: string, remedy: string): CatalogueEntry =>
  entry(400, 'REQUEST_FAILED', true, meaning, remedy);
const broken = (status: number, meaning: string, remedy: string): CatalogueEntry =>
  entry(status, 'UNEXPECTED_ERROR', false, meaning, remedy);

/** Every code the product gives, once. `docs/errors.md` is written from it. */
export const ERROR_CATALOGUE = {
  // What the API answers as `code`.
  INVALID_DATA: refused(
    'Properties of the request cannot be used; `details` names each.',
    'Correct every property named in `details` and send the request again.',
  ),
  INVALID_REQUEST: entry(
    400,
    'INVALID_REQUEST',
    true,
    'The request itself cannot be read: its body, media type or address.',
    'Send JSON with the media type the documentation names.',
  ),
  REQUEST_FAILED: failed(
    'The request is well formed and cannot be done as things are.',
    'Do what the message says first.',
  ),
  ACCESS_FAILED: entry(
    403,
    'ACCESS_FAILED',
    true,
    'The token is missing, invalid, or its application may not do this.',
    'Get a token, or ask for the role that `details` names.',
  ),
  NOT_FOUND: entry(
    404,
    'NOT_FOUND',
    true,
    'There is nothing under this address, or nothing the caller may know of.',
    'Check the ids; an id of another environment is not found either.',
  ),
  REQUEST_LIMITED: entry(
    429,
    'REQUEST_LIMITED',
    true,
    'More requests came from one address than the limit allows.',
    'Wait for the seconds that `Retry-After` names.',
  ),
  UNEXPECTED_ERROR: broken(
    500,
    'The server met something it does not know.',
    'Look up `id` in the log of the server and report it.',
  ),
  // Faults of single properties.
  INVALID_VALUE: refused(
    'A value has the wrong type or form.',
    'Send a value of the form the message names.',
  ),
  REQUIRED_VALUE: refused('A required property is missing.', 'Send the property.'),
  EMPTY_VALUE: refused('A value is empty.', 'Send at least one character, or leave the property out.'),
  OUT_OF_RANGE: refused(
    'A number or length is outside its range.',
    'Send a value within the range the message names.',
  ),
  SIZE_LIMIT_EXCEEDED: entry(
    413,
    'INVALID_REQUEST',
    true,
    'The request or a list in it is too large.',
    'Send less at once.',
  ),
  UNIQUENESS_VIOLATION: refused(
    'Another object has this value already.',
    'Choose another value, or change the other object.',
  ),
  CONSTRAINT_VIOLATION: refused(
    'Values that are right one by one do not fit together.',
    'Change one of the values the message names.',
  ),
  INVALID_FILTER: refused(
    'A SCIM filter cannot be read or names an unknown attribute.',
    'Correct the filter at the place the message names.',
  ),
  INVALID_PARAMETER: refused('A query parameter cannot be used.', 'Correct the parameter.'),
  INVALID_CURSOR: refused(
    'A cursor does not come from this list.',
    'Start from the first page and follow `_links.next`.',
  ),
  UNKNOWN_ATTRIBUTE: refused(
    'An attribute does not exist.',
    'Use an attribute of the schema, or add a custom one first.',
  ),
  REFERENCED: failed(
    'Something else still refers to this object.',
    'Remove what refers to it first; the message names it.',
  ),
  // Access.
  INVALID_TOKEN: entry(
    401,
    'ACCESS_FAILED',
    true,
    'The bearer token is missing, malformed, expired, or its application is gone or disabled.',
    'Get a new token from the token endpoint.',
  ),
  INSUFFICIENT_PERMISSIONS: entry(
    403,
    'ACCESS_FAILED',
    true,
    'The application has none of the roles this operation needs.',
    'Give the application one of the roles the message names.',
  ),
  METHOD_NOT_ALLOWED: entry(
    405,
    'INVALID_REQUEST',
    true,
    'The resource does not have this method.',
    'Use one of the methods in the header `Allow`.',
  ),
  UNSUPPORTED_MEDIA_TYPE: entry(
    415,
    'INVALID_REQUEST',
    true,
    'The media type of the body does not belong to this operation.',
    'Send one of the media types the message names.',
  ),
  MALFORMED_JSON: entry(
    400,
    'INVALID_REQUEST',
    true,
    'The body is not JSON.',
    'Send a JSON object in UTF-8.',
  ),
  LIMIT_EXCEEDED: entry(
    429,
    'REQUEST_LIMITED',
    true,
    'Too many requests from one address.',
    'Wait for the seconds that `Retry-After` names.',
  ),
  QUOTA_EXCEEDED: failed('The number of objects of this kind is at its limit.', 'Remove one first.'),
  // Gateways and provisioning.
  UNKNOWN_VENDOR: refused(
    'The directory vendor is not one we know.',
    'Use one of the vendors the message lists.',
  ),
  UNKNOWN_STORE_TYPE: refused(
    'The store type cannot be synchronised.',
    'Use LdapGateway, PingOne or directory.',
  ),
  GATEWAY_MIGRATES_USERS: refused(
    'A user type of the gateway makes users at their first sign-on (newUserLookup); that and provisioning exclude each other.',
    'Take newUserLookup off the user type, or use another gateway.',
  ),
  PLAN_EXISTS: failed('The environment has a plan already.', 'Use the existing plan.'),
  INVALID_DN: refused(
    'A distinguished name cannot be read.',
    'Write it as in RFC 4514, for example OU=Staff,DC=corp,DC=example.',
  ),
  INVALID_LDAP_FILTER: refused(
    'An LDAP filter cannot be read.',
    'Write it as in RFC 4515, for example (&(objectClass=user)(department=Sales)).',
  ),
  INVALID_EXPRESSION: refused(
    'An expression cannot be read or can never be evaluated.',
    'Correct it at the character the message names.',
  ),
  RULE_NOT_READY: refused(
    'A rule cannot be active without what the details name.',
    'Add what is missing, then activate the rule.',
  ),
  RULE_NOT_ACTIVE: failed('The rule is not in effect.', 'Activate it and make a revision.'),
  RUN_NOT_HELD: failed(
    'The run holds no removals.',
    'List the runs of the rule and use the one that is held.',
  ),
  GATEWAY_DISABLED: failed('The gateway is disabled.', 'Enable the gateway.'),
  GATEWAY_NOT_CONNECTED: entry(
    400,
    'REQUEST_FAILED',
    false,
    'No instance of the gateway is connected.',
    'Start a gateway instance with a credential of this gateway and look at its log.',
  ),
  BASE_DN_UNREADABLE: failed(
    'The base DN does not exist or the account may not read it.',
    'Correct the base DN, or give the account the right to read it.',
  ),
  // Secrets, options and the database file.
  SECRET_KEY_EXPOSED: broken(
    500,
    'The key file can be read by others.',
    'Run chmod 600 on it; if others could read it, change every sealed secret.',
  ),
  SECRET_KEY_INVALID: broken(
    500,
    'The key file does not hold a key.',
    'Restore the key file from backup; without it sealed secrets are lost.',
  ),
  SECRET_UNREADABLE: broken(
    500,
    'A sealed secret cannot be opened with this key.',
    'Restore the key file the database was made with, or enter the secret again.',
  ),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

const ENTRIES: Readonly<Record<string, CatalogueEntry | undefined>> = ERROR_CATALOGUE;

/** Undefined for codes of others, such as those of a directory server. */
export function readCatalogueEntry(code: string): CatalogueEntry | undefined {
  return Object.hasOwn(ENTRIES, code) ? ENTRIES[code] : undefined;
}
