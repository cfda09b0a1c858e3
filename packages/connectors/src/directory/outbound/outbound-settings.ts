import { type Dn, LdapTextError, parseDn, rootDn } from '@sallyport/ldap';
import { type Configuration, type ConfigurationFault, ConfigurationReader } from '@sallyport/model';
import type { OutboundDialect } from './outbound-dialect.ts';

/** Names that stand at the root of a DN expression beside the user's attributes. */
export const DN_NAMES = ['RDN', 'PARENT_DN', 'BASE_DN'] as const;

const ATTRIBUTE_NAME = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)$/;

/** How an outbound rule finds and names its entries. */
export interface OutboundSettings {
  /** Nothing is ever placed outside of it. */
  readonly base: Dn;
  /** The base, or the container below it that the rule names. */
  readonly parent: Dn;
  readonly rdnAttribute: string;
  /** As written; undefined: the RDN right below the parent. */
  readonly dnExpression: string | undefined;
  /** Target attribute by which an unlinked user finds its entry. */
  readonly matchingAttribute: string;
}

/**
 * Reads where a rule puts users: `BASE_DN`, `USERS_RELATIVE_DN`, `RDN_ATTRIBUTE`, `DN_EXPRESSION`, `MATCHING_ATTRIBUTE`.
 * The expression is taken as it is: `compileOutbound` reads it.
 */
export function readOutboundSettings(
  configuration: Configuration,
  dialect: OutboundDialect,
): { readonly settings: OutboundSettings; readonly faults: readonly ConfigurationFault[] } {
  const reader = new ConfigurationReader(configuration);
  const baseText = reader.requiredText('BASE_DN');
  const relativeText = reader.text('USERS_RELATIVE_DN');
  const rdnAttribute = reader.text('RDN_ATTRIBUTE') ?? dialect.rdnAttribute;
  const dnExpression = reader.text('DN_EXPRESSION');
  const matchingAttribute = reader.text('MATCHING_ATTRIBUTE') ?? dialect.matchingAttribute;
  const dn = (key: string, text: string): Dn => {
    try {
      return parseDn(text);
    } catch (error) {
      if (!(error instanceof LdapTextError)) throw error;
      reader.fault(key, `${key} is no distinguished name. ${error.message}`);
      return rootDn;
    }
  };
  const base = dn('BASE_DN', baseText);
  const relative = relativeText === undefined ? rootDn : dn('USERS_RELATIVE_DN', relativeText);
  const parent = relative.rdns.reduceRight((above, rdn) => above.child(rdn), base);
  if (!ATTRIBUTE_NAME.test(rdnAttribute))
    reader.fault(
      'RDN_ATTRIBUTE',
      `RDN_ATTRIBUTE must be the name of an attribute such as ${dialect.rdnAttribute}, found ${JSON.stringify(rdnAttribute)}`,
    );
  return { settings: { base, parent, rdnAttribute, dnExpression, matchingAttribute }, faults: reader.faults };
}
