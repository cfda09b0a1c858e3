import { parseUserAccountControl, USER_ACCOUNT_CONTROL, withDisabled } from '@sallyport/ldap';
import type { DialectName } from '../dialect/dialect.ts';
import type { AccountFlag } from '../dialect/standard.ts';

/** A mapping that a directory brings along for users that go out to it. */
export interface OutboundMapping {
  readonly targetAttribute: string;
  readonly source: { readonly attribute: string } | { readonly expression: string };
}

/** One LDAP attribute with the texts it takes. */
export interface AttributeTexts {
  readonly attribute: string;
  readonly values: readonly string[];
}

/** What differs between LDAP servers when users are made there: data and small pure functions. */
export interface OutboundDialect {
  /** The attribute that users are named by, unless the rule chooses another. */
  readonly rdnAttribute: string;
  /** By which an existing entry is found; unique on the server. */
  readonly matchingAttribute: string;
  readonly objectClasses: readonly string[];
  /** Without these no entry can be made: the classes ask for them, or the server would make them up. */
  readonly requiredAttributes: readonly string[];
  /** What `Password` means here. Written, never read. */
  readonly passwordAttribute: string;
  /** What `ResetPassword` means here; undefined where the server has no such flag. */
  readonly resetPassword:
    | { readonly attribute: string; readonly on: string; readonly off: string }
    | undefined;
  /**
   * The account state of a new entry; undefined where the server has none that is known. `mapped` is what the rule's own
   * mapping makes of the same attribute: other flags stay.
   * @throws LdapTextError where `mapped` is none of the attribute's values
   */
  readonly account:
    | ((active: boolean, mapped: (name: string) => string | undefined) => AttributeTexts)
    | undefined;
  /** Longest text, by lower-case name, where the server has a limit that its schema does not show. */
  readonly maxLengths: ReadonlyMap<string, number>;
  /** Characters that a value must not have, by lower-case name. */
  readonly forbidden: ReadonlyMap<string, RegExp>;
  readonly defaultMappings: readonly OutboundMapping[];
}

const from = (targetAttribute: string, attribute: string): OutboundMapping => ({
  targetAttribute,
  source: { attribute },
});

/** The parts that both products list. */
const COMMON: readonly OutboundMapping[] = [
  from('givenName', 'name.given'),
  from('sn', 'name.family'),
  from('mail', 'email'),
  from('mobile', 'mobilePhone'),
  from('telephoneNumber', 'primaryPhone'),
  from('title', 'title'),
  from('postalCode', 'address.postalCode'),
  from('l', 'address.locality'),
  from('st', 'address.region'),
  from('Active', 'enabled'),
];

const activeDirectory: OutboundDialect = {
  rdnAttribute: 'cn',
  matchingAttribute: 'sAMAccountName',
  objectClasses: ['top', 'person', 'organizationalPerson', 'user'],
  requiredAttributes: ['cn', 'sAMAccountName'],
  passwordAttribute: 'unicodePwd',
  // [MS-ADA3] pwdLastSet: 0 asks for a new password at the next sign-on, -1 says that it was set now.
  resetPassword: { attribute: 'pwdLastSet', on: '0', off: '-1' },
  account: (active, mapped) => {
    const own = mapped('userAccountControl');
    const flags = own === undefined ? USER_ACCOUNT_CONTROL.NORMAL_ACCOUNT : parseUserAccountControl(own);
    return { attribute: 'userAccountControl', values: [String(withDisabled(flags, !active))] };
  },
  // rangeUpper of Common-Name; [MS-SAMR] §3.1.1.6: twenty characters for users.
  maxLengths: new Map([
    ['cn', 64],
    ['samaccountname', 20],
  ]),
  forbidden: new Map([['samaccountname', /["/\\[\]:;|=,+*?<>]/]]),
  defaultMappings: [
    // Unlike a person's name it is there for every user, and no two have the same: it can name the entry.
    from('cn', 'username'),
    from('sAMAccountName', 'username'),
    {
      targetAttribute: 'displayName',
      source: { expression: "name.formatted ?: #string.join({name.given, name.family}, ' ')" },
    },
    from('streetAddress', 'address.streetAddress'),
    from('c', 'address.countryCode'),
    ...COMMON,
  ],
};

function flagged(flag: AccountFlag): OutboundDialect['account'] {
  return (active) => ({ attribute: flag.attribute, values: active ? [] : [flag.disabledValue] });
}

const standard: OutboundDialect = {
  rdnAttribute: 'uid',
  matchingAttribute: 'uid',
  objectClasses: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
  requiredAttributes: ['uid', 'cn', 'sn'],
  passwordAttribute: 'userPassword',
  resetPassword: undefined,
  account: undefined,
  maxLengths: new Map(),
  forbidden: new Map(),
  defaultMappings: [
    from('uid', 'username'),
    from('cn', 'username'),
    from('street', 'address.streetAddress'),
    from('preferredLanguage', 'preferredLanguage'),
    ...COMMON,
  ],
};

const pingDirectory: OutboundDialect = {
  ...standard,
  account: flagged({ attribute: 'ds-pwp-account-disabled', disabledValue: 'true' }),
};

/** Without an account state there is nothing that `Active` could be mapped to. */
const withoutState: OutboundDialect = {
  ...standard,
  defaultMappings: standard.defaultMappings.filter(({ targetAttribute }) => targetAttribute !== 'Active'),
};

const DIALECTS: Readonly<Record<DialectName, OutboundDialect>> = {
  activeDirectory,
  pingDirectory,
  openDj: pingDirectory,
  ds389: { ...standard, account: flagged({ attribute: 'nsAccountLock', disabledValue: 'true' }) },
  // Whether ppolicy is loaded only the server knows: the flag is the operator's to name.
  openLdap: withoutState,
  generic: withoutState,
};

/** `flag` is the account flag that an operator has named in the store's configuration; it goes before the server's own. */
export function outboundDialect(name: DialectName, flag: AccountFlag | undefined): OutboundDialect {
  const dialect = DIALECTS[name];
  if (flag === undefined) return dialect;
  const { defaultMappings } = dialect;
  const mapsState = defaultMappings.some(({ targetAttribute }) => targetAttribute === 'Active');
  return {
    ...dialect,
    account: flagged(flag),
    defaultMappings: mapsState ? defaultMappings : [...defaultMappings, from('Active', 'enabled')],
  };
}
