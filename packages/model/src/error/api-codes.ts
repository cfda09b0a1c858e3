import { broken, type CatalogueEntry, entry, failed, refused } from './catalogue-entry.ts';

/** Codes of requests, whatever they are about. */
export const API_CODES = {
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
  EXTERNAL_GROUP: failed(
    'The group comes from a directory: its name, members and nesting are changed there.',
    'Change it in the directory, or remove the rule that brings it; a group the rule leaves behind is an ordinary one.',
  ),
  USER_FILTER_UNSUPPORTED: refused(
    'A group was given a filter that chooses its members.',
    'Leave `userFilter` out and add the members to the group.',
  ),
  SECRET_ATTRIBUTE: refused(
    'A directory search, a filter or mapping of a rule, an expression, or a link to a directory asks about an attribute that holds passwords or keys.',
    'Leave the attribute out; its values are never shown either.',
  ),
  BIND_PASSWORD_REQUIRED: refused(
    'The gateway would send its kept bind password to another server, or less protected than before.',
    'Send bindPassword along with the change.',
  ),
  LAST_ADMINISTRATOR: failed(
    'Nobody could administer the installation any more.',
    'Give another enabled application the role Organization Admin in all environments first.',
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
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
