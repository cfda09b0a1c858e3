import type { ReadNeed } from '@sallyport/engine';
import { parseAttributeDescription } from '@sallyport/ldap';
import { changeAttributesToRead, type DirectoryContext } from '../directory-context.ts';
import { arrivalAttributes } from '../group/arrivals.ts';

/** Which attributes of a logged change matter to a rule. */
export interface AttributeRelevance {
  /** Whether anything that is read or judged depends on the attribute. */
  isRelevant(attribute: string): boolean;
  /** Whether its values are DNs of members, and somebody asks for members. Login names are not told value by value: whom they name takes a search. */
  holdsMembers(attribute: string): boolean;
  /** Whether a change of it may bring somebody into scope. */
  decidesScope(attribute: string): boolean;
}

/**
 * By the schema, because a log names attributes as the request did: `surname` for `sn`, an OID, `cn;lang-en`, or a
 * subtype of what is mapped. With `*` everything is relevant.
 */
export function makeAttributeRelevance(context: DirectoryContext, need: ReadNeed): AttributeRelevance {
  const { dialect, schema } = context;
  const canonical = (name: string): string => {
    const { type } = parseAttributeDescription(name);
    return schema.attribute(type)?.oid ?? type;
  };
  const asked = changeAttributesToRead(context, need);
  const wanted = new Set(asked.map(canonical));
  const members = new Set<string>();
  if (need.groups?.members === true) {
    for (const name of dialect.memberAttributes.dns) members.add(canonical(name));
  }
  const deciding = new Set([...arrivalAttributes(context)].map(canonical));
  const isAll = asked.includes('*') || asked.includes('+');
  return {
    isRelevant: (attribute) => {
      if (isAll) return true;
      const { type } = parseAttributeDescription(attribute);
      const chain = schema.attributeChain(type);
      return chain.length === 0 ? wanted.has(type) : chain.some(({ oid }) => wanted.has(oid));
    },
    decidesScope: (attribute) => deciding.has(canonical(attribute)),
    holdsMembers: (attribute) => members.has(canonical(attribute)),
  };
}
