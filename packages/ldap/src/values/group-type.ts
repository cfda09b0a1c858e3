import { parseInt32 } from './user-account-control.ts';

/** Bits of `groupType` ([MS-ADTS] §2.2.12). */
export const GROUP_TYPE = {
  BUILTIN_LOCAL: 0x1,
  GLOBAL: 0x2,
  DOMAIN_LOCAL: 0x4,
  UNIVERSAL: 0x8,
  APP_BASIC: 0x10,
  APP_QUERY: 0x20,
  SECURITY: 0x8000_0000,
} as const;

export type GroupScope = 'global' | 'domainLocal' | 'universal';

export interface GroupType {
  /** Undefined for the application groups of Authorization Manager. */
  readonly scope: GroupScope | undefined;
  readonly isSecurity: boolean;
  readonly isBuiltin: boolean;
}

/** Reads `groupType`. @throws LdapTextError `VALUE_SYNTAX` */
export function parseGroupType(text: string): GroupType {
  const bits = parseInt32(text, 'groupType');
  return {
    scope:
      (bits & GROUP_TYPE.GLOBAL) !== 0
        ? 'global'
        : (bits & GROUP_TYPE.DOMAIN_LOCAL) !== 0
          ? 'domainLocal'
          : (bits & GROUP_TYPE.UNIVERSAL) !== 0
            ? 'universal'
            : undefined,
    isSecurity: (bits & GROUP_TYPE.SECURITY) !== 0,
    isBuiltin: (bits & GROUP_TYPE.BUILTIN_LOCAL) !== 0,
  };
}

/** `groupType` as Active Directory writes it: a signed 32-bit integer, so security groups are negative. */
export function makeGroupType(scope: GroupScope, isSecurity: boolean): string {
  const bit = {
    global: GROUP_TYPE.GLOBAL,
    domainLocal: GROUP_TYPE.DOMAIN_LOCAL,
    universal: GROUP_TYPE.UNIVERSAL,
  }[scope];
  return String((isSecurity ? bit | GROUP_TYPE.SECURITY : bit) | 0);
}
