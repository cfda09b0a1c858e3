import type { ReadNeed } from '@sallyport/engine';
import { parseAttributeDescription } from '@sallyport/ldap';
import { changeAttributesToRead, type DirectoryContext } from '../directory-context.ts';
import { loginReference, memberReference } from '../group/reference.ts';

/** Which attributes of a logged change matter to a rule. */
export interface AttributeRelevance {
  /** Whether anything that is read or judged depends on the attribute. */
  isRelevant(attribute: string): boolean;
  /** How a value of this attribute names a member; undefined if the attribute holds none, or nobody asks for members. */
  memberReference(attribute: string): ((value: string) => string) | undefined;
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
  const references = new Map<string, (value: string) => string>();
  if (need.groups?.members === true) {
    for (const name of dialect.memberAttributes.dns) references.set(canonical(name), memberReference);
    const { logins } = dialect.memberAttributes;
    if (logins !== undefined) references.set(canonical(logins), loginReference);
  }
  const isAll = asked.includes('*') || asked.includes('+');
  return {
    isRelevant: (attribute) => {
      if (isAll) return true;
      const { type } = parseAttributeDescription(attribute);
      const chain = schema.attributeChain(type);
      return chain.length === 0 ? wanted.has(type) : chain.some(({ oid }) => wanted.has(oid));
    },
    memberReference: (attribute) => references.get(canonical(attribute)),
  };
}
