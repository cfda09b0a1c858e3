import type {
  GatewayBody,
  MappingBody,
  PopulationBody,
  RuleBody,
  RuleStatusBody,
  RunBody,
  StoreBody,
} from '@sallyport/contract';

export const ENVIRONMENT_ID = '11111111-1111-4111-8111-111111111111';
const environment = { id: ENVIRONMENT_ID };
const createdAt = '2026-01-01T00:00:00.000Z';
const none = {
  impacted: 0,
  success: 0,
  unsynced: 0,
  partialSynced: 0,
  failed: 0,
  held: 0,
  conflict: 0,
  states: {
    success: 0,
    partialSynced: 0,
    unsynced: 0,
    failed: 0,
    held: 0,
    conflict: 0,
    removed: 0,
    kept: 0,
  },
};

/** A stable UUID out of a small number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function gatewayBody(number: number, name: string, more: Partial<GatewayBody> = {}): GatewayBody {
  return {
    id: uuid(number),
    environment,
    name,
    type: 'LDAP',
    enabled: true,
    vendor: 'Microsoft Active Directory',
    serversHostAndPort: ['dc1.corp.example:636'],
    bindDN: 'CN=svc,DC=corp,DC=example',
    connectionSecurity: 'TLS',
    validateTlsCertificates: true,
    followReferrals: false,
    userTypes: [],
    credentials: [],
    currentAlerts: [],
    supportedVersions: [],
    createdAt,
    updatedAt: createdAt,
    ...more,
  };
}

export function storeBody(number: number, name: string, more: Partial<StoreBody> = {}): StoreBody {
  return {
    id: uuid(number),
    environment,
    name,
    type: 'PingOne',
    configuration: { ENVIRONMENT_ID, REMOVE_ACTION: 'Disable' },
    managed: false,
    status: 'ACTIVE',
    createdAt,
    updatedAt: createdAt,
    ...more,
  };
}

export function ruleBody(number: number, name: string, more: Partial<RuleBody> = {}): RuleBody {
  return {
    id: uuid(number),
    environment,
    name,
    active: true,
    plan: { id: uuid(900) },
    sourceStore: { id: uuid(201) },
    targetStore: { id: uuid(202) },
    configuration: { USERS_BASE_DN: 'OU=People,DC=corp,DC=example' },
    createdAt,
    updatedAt: createdAt,
    ...more,
  };
}

export function mappingBody(number: number, ruleId: string, more: Partial<MappingBody> = {}): MappingBody {
  return {
    id: uuid(number),
    environment,
    rule: { id: ruleId },
    name: 'username',
    sourceAttribute: 'sAMAccountName',
    targetAttribute: 'username',
    attributeMappingType: 'userAttributeMapping',
    createOnly: false,
    trim: false,
    characterCase: 'NONE',
    parser: 'NONE',
    ...more,
  };
}

export function populationBody(number: number, name: string): PopulationBody {
  return {
    id: uuid(number),
    environment,
    name,
    default: false,
    userCount: 0,
    createdAt,
    updatedAt: createdAt,
  };
}

export function runBody(number: number, ruleId: string, more: Partial<RunBody> = {}): RunBody {
  return {
    id: uuid(number),
    environment,
    rule: { id: ruleId },
    type: 'full',
    status: 'completed',
    reason: 'started by a test',
    startedAt: '2026-01-02T10:00:00.000Z',
    endedAt: '2026-01-02T10:00:02.000Z',
    read: 1000,
    counts: {
      created: 900,
      updated: 0,
      linked: 0,
      disabled: 0,
      enabled: 0,
      deleted: 0,
      unchanged: 100,
      skipped: 0,
      held: 0,
      conflict: 0,
      failed: 0,
    },
    ...more,
  };
}

export function statusBody(ruleId: string, more: Partial<RuleStatusBody> = {}): RuleStatusBody {
  return {
    environment,
    rule: { id: ruleId },
    state: 'ACTIVE',
    detail: '',
    direction: 'INBOUND',
    users: {
      ...none,
      impacted: 1000,
      success: 998,
      failed: 2,
      states: { ...none.states, success: 998, failed: 2 },
    },
    groups: none,
    readsGroups: true,
    queued: [],
    push: false,
    warnings: [],
    breaker: { open: false, failures: 0 },
    ...more,
  };
}

/** One page, or the page at `cursor` where `pageSize` cuts the list. */
export function collection<K extends string>(
  key: K,
  items: readonly unknown[],
  paging?: { readonly url: string; readonly query: URLSearchParams; readonly pageSize: number },
) {
  const start = Number(paging?.query.get('cursor') ?? 0);
  const end = paging === undefined ? items.length : start + paging.pageSize;
  const page = items.slice(start, end);
  const next = end < items.length ? { next: { href: `${paging?.url}/next?cursor=${end}` } } : {};
  return {
    _links: { self: { href: paging?.url ?? 'http://127.0.0.1/' }, ...next },
    _embedded: { [key]: page },
    count: items.length,
    size: page.length,
  };
}
