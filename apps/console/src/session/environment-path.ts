/** Where the pages of an environment live. The address names the environment, so that a link sent to a colleague says what it means. */
export function environmentBase(environmentId: string): string {
  return `/environments/${environmentId}`;
}

/** The environment an address names; undefined outside of all environments. */
export function environmentOfPath(path: string): string | undefined {
  return /^\/environments\/([0-9a-f-]{36})(?:\/|$)/i.exec(path)?.[1]?.toLowerCase();
}
