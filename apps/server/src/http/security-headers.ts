const COMMON = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  // Answers hold personal data: no cache keeps them.
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Headers of every answer. `encrypted`: the client came over TLS and should do so from now on (RFC 6797). */
export function securityHeaders(encrypted: boolean): Readonly<Record<string, string>> {
  return encrypted ? { ...COMMON, 'strict-transport-security': 'max-age=31536000' } : COMMON;
}
