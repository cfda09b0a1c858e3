import type { OPERATIONS, OperationAnswer, OperationRequest } from '@sallyport/contract';
import {
  type Filter,
  present as isPresent,
  type LazyEntry,
  LdapTextError,
  parseFilter,
  type Schema,
} from '@sallyport/ldap';
import { Faults } from '../http/refuse.ts';
import type { RequestContext } from '../http/request-context.ts';
import { type DirectoryAccess, searchSome } from './directory-access.ts';
import { checkDn } from './gateway-faults.ts';
import { isSecretAttribute, secretsInFilter } from './secret-attributes.ts';

type SchemaQuery = OperationRequest<typeof OPERATIONS.gateways.readSchema>['query'];
type SchemaAnswer = OperationAnswer<typeof OPERATIONS.gateways.readSchema>;
type SearchInput = OperationRequest<typeof OPERATIONS.gateways.search>['body'];
type SearchAnswer = OperationAnswer<typeof OPERATIONS.gateways.search>;

const DEFAULT_ENTRIES = 50;
/** Values of one attribute that are shown: a group of 100,000 is not for a picker. */
const MAX_VALUES = 50;
const MAX_VALUE_CHARACTERS = 1024;

export function schemaAnswer(schema: Schema, query: SchemaQuery): Omit<SchemaAnswer, '_links'> {
  const contains = query.contains?.toLowerCase();
  const allowed =
    query.objectClass === undefined
      ? undefined
      : new Set(schema.allowedAttributes([query.objectClass]).map((name) => name.toLowerCase()));
  const attributes = schema.attributeTypes
    .filter(({ name }) => contains === undefined || name.toLowerCase().includes(contains))
    .filter(({ name }) => allowed === undefined || allowed.has(name.toLowerCase()))
    .map(({ name, oid, syntax, isSingleValued, isOperational }) => ({
      name,
      oid,
      ...(syntax === undefined ? {} : { syntax }),
      multiValued: !isSingleValued,
      operational: isOperational,
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  return { attributes };
}

export async function searchAnswer(
  directory: DirectoryAccess,
  gatewayId: string,
  input: SearchInput,
  context: RequestContext,
): Promise<Omit<SearchAnswer, '_links'>> {
  const faults = new Faults();
  if (input.base !== '') checkDn(input.base, 'base', faults);
  const filter = readFilter(input.filter ?? undefined, faults);
  faults.throwIfAny();
  const link = directory.link(gatewayId);
  const scope = input.scope ?? (input.base === '' ? 'base' : 'one');
  const limit = input.limit ?? DEFAULT_ENTRIES;
  const request = { base: input.base, scope, filter, attributes: searchedAttributes(input) };
  const { entries, truncated } = await searchSome(link, request, limit, context.signal);
  return {
    truncated,
    entries: entries.map(entryBody),
    ...(link.server === undefined ? {} : { server: link.server }),
  };
}

/** The root DSE shows what a server offers only if asked for operational attributes (RFC 4512 §5.1). */
function searchedAttributes(input: SearchInput): readonly string[] {
  const asked = input.attributes ?? [];
  return asked.length === 0 && input.base === '' ? ['*', '+'] : asked;
}

function readFilter(text: string | undefined, faults: Faults): Filter {
  if (text === undefined) return isPresent('objectClass');
  try {
    const filter = parseFilter(text);
    for (const name of secretsInFilter(filter))
      faults.add('SECRET_ATTRIBUTE', 'filter', `${name} holds secrets, which cannot be searched for`);
    return filter;
  } catch (error) {
    if (!(error instanceof LdapTextError)) throw error;
    faults.add('INVALID_LDAP_FILTER', 'filter', error.message);
    return isPresent('objectClass');
  }
}

function entryBody(entry: LazyEntry): SearchAnswer['entries'][number] {
  const attributes: Record<string, string[]> = {};
  for (const name of entry.attributeNames()) {
    // Never shown, even where the directory would hand them out.
    if (isSecretAttribute(name)) continue;
    attributes[name] = entry.partialBytes(name).slice(0, MAX_VALUES).map(shownValue);
  }
  return { dn: entry.dn, attributes };
}

/** Text where it is text, Base64 where it is not. */
function shownValue(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}…` : text;
  } catch {
    return bytes.subarray(0, MAX_VALUE_CHARACTERS).toString('base64');
  }
}
