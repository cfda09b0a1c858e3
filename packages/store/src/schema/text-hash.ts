const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a over UTF-16 units, 32 bits. What stands in an index instead of a long text whose rows come in no order: an entry has 12
 * bytes instead of 45, so that a batch of a load dirties a quarter of the pages. Two texts may share a hash: whoever
 * searches by it compares the text too.
 */
export function textHash(text: string): number {
  let hash = OFFSET;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  return hash >>> 0;
}
