/** What a text is looked for in. */
const SEARCHED = ['username', 'email', 'name.given', 'name.family'] as const;

const SEARCHED_OF_GROUPS = ['name', 'displayName', 'externalId'] as const;

/** A comparison of SCIM (RFC 7644 §3.4.2.2) at the beginning: then the text is a filter, not a name. */
const COMPARISON = /^[\s(]*(not\s*\(\s*)?[\w.:$-]+\s+((eq|ne|co|sw|ew|gt|ge|lt|le)\s+\S|pr\b)/i;

/**
 * The SCIM filter for what was typed. Several words must all be found, each at the beginning of one of the searched
 * attributes: `ada love` finds Ada Lovelace. Undefined for nothing typed.
 */
export function userFilter(typed: string): string | undefined {
  return searchFilter(typed, SEARCHED);
}

/** The same over groups: `night` finds Night Watch. */
export function groupFilter(typed: string): string | undefined {
  return searchFilter(typed, SEARCHED_OF_GROUPS);
}

function searchFilter(typed: string, attributes: readonly string[]): string | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (COMPARISON.test(text)) return text;
  return text
    .split(/\s+/)
    .map((word) => {
      // Strings of a filter are JSON strings (RFC 7644 §3.4.2.2, "compValue").
      const value = JSON.stringify(word);
      return `(${attributes.map((attribute) => `${attribute} sw ${value}`).join(' or ')})`;
    })
    .join(' and ');
}
