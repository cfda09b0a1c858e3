/** Seen from the identity store: what comes from its own users goes out, everything else comes in. */
export function directionOf(sourceStoreType: string): 'INBOUND' | 'OUTBOUND' {
  return sourceStoreType === 'directory' ? 'OUTBOUND' : 'INBOUND';
}
