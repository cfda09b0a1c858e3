/** Roles of administrators and worker applications, with the names PingOne gives them. */
export const ROLES = [
  'Organization Admin',
  'Environment Admin',
  'Identity Data Admin',
  'Identity Data Read Only',
  'Client Application Developer',
  'Configuration Read Only',
] as const;
export type Role = (typeof ROLES)[number];

/** Who may do what, by kind of operation. Each operation of the table names one of these groups. */
export const WHO = {
  /** Everybody with a valid token of the environment. */
  member: ROLES,
  organizationRead: ['Organization Admin', 'Environment Admin', 'Configuration Read Only'],
  organizationWrite: ['Organization Admin'],
  environmentWrite: ['Organization Admin', 'Environment Admin'],
  configurationRead: ['Environment Admin', 'Configuration Read Only'],
  configurationWrite: ['Environment Admin'],
  populationRead: [
    'Environment Admin',
    'Identity Data Admin',
    'Identity Data Read Only',
    'Configuration Read Only',
  ],
  populationWrite: ['Environment Admin'],
  schemaRead: [
    'Environment Admin',
    'Identity Data Admin',
    'Identity Data Read Only',
    'Client Application Developer',
    'Configuration Read Only',
  ],
  identityRead: ['Identity Data Admin', 'Identity Data Read Only'],
  identityWrite: ['Identity Data Admin'],
  groupRead: [
    'Environment Admin',
    'Identity Data Admin',
    'Identity Data Read Only',
    'Client Application Developer',
  ],
  applicationRead: ['Environment Admin', 'Client Application Developer', 'Configuration Read Only'],
  applicationWrite: ['Environment Admin', 'Client Application Developer'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;
