/** Builds absolute addresses: clients follow them as they are. */
export interface Addresses {
  /** `/v1/environments/…` under the public address. */
  href(path: string): string;
  /** `_links` of a resource: `self`, then what it names. */
  links(self: string, others?: Readonly<Record<string, string>>): Record<string, { href: string }>;
}

export function makeAddresses(publicUrl: () => string): Addresses {
  const href = (path: string): string => `${publicUrl()}${path}`;
  return {
    href,
    links: (self, others = {}) => ({
      self: { href: href(self) },
      ...Object.fromEntries(Object.entries(others).map(([name, path]) => [name, { href: href(path) }])),
    }),
  };
}

export function environmentPath(environmentId: string): string {
  return `/v1/environments/${environmentId}`;
}

/** Epoch ms as the API writes it: UTC with three digits of milliseconds. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** The object without properties that are undefined: JSON has no such value and strict types refuse it. */
export function present<T extends object>(
  value: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  const kept = Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
  // Nothing was added, and what was taken away is optional in the type.
  return kept as ReturnType<typeof present<T>>;
}
