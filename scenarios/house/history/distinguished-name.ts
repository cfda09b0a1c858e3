/**
 * One spelling for all spellings of a DN that servers and tools write (RFC 4514 §2.4, §3): parts unescaped, in lower case,
 * spaces around them gone. Written apart from the product's own, so that the two can be held against each other; without
 * multi-valued and hexadecimal forms, which no story uses.
 */
export function canonicalDn(dn: string): string {
  return partsOf(dn)
    .map((part) => {
      const at = part.indexOf('=');
      const type = part.slice(0, at).trim().toLowerCase();
      return `${type}=${JSON.stringify(unescaped(part.slice(at + 1).trim()).toLowerCase())}`;
    })
    .join(',');
}

/** Whether `dn` is `base` or below it, both canonical. */
export function isBelow(dn: string, base: string): boolean {
  return dn === base || dn.endsWith(`,${base}`);
}

export function parentDn(dn: string): string {
  return partsOf(dn).slice(1).join(',');
}

export function firstPart(dn: string): string {
  return partsOf(dn)[0] ?? '';
}

/** Escaped for a DN (RFC 4514 §2.4). */
export function escapedValue(value: string): string {
  return value.replace(/[,+"\\<>;=]/g, (character) => `\\${character}`);
}

function partsOf(dn: string): string[] {
  const parts = dn.match(/(?:\\.|[^,\\])+/gs);
  return parts === null ? [] : [...parts];
}

/** `\2C` and `\,` are the same character; of several bytes in hexadecimal, UTF-8 is made. */
function unescaped(value: string): string {
  return value
    .replace(/(?:\\[0-9a-fA-F]{2})+/g, (bytes) =>
      Buffer.from(bytes.replaceAll('\\', ''), 'hex').toString('utf8'),
    )
    .replace(/\\(.)/gs, '$1');
}
