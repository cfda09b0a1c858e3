import { type AttributeValues, EXTENDED_OID } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { Selection } from '../core/directory-manner.ts';
import type { PdServer } from './pd-server.ts';

type Row = readonly [string, readonly string[]];

/** The root DSE. What it says of the changelog is for those who may read it. */
export function readPdRootDse(
  server: PdServer,
  supportedControls: Iterable<string>,
  selection: Selection,
  caller: Caller,
): AttributeValues<Buffer>[] {
  const { changelog } = server;
  const ofChangelog: readonly Row[] =
    changelog.isEnabled && caller.rights.replicate
      ? [
          ['changelog', [changelog.head.dn]],
          ['firstChangeNumber', [String(changelog.firstNumber)]],
          ['lastChangeNumber', [String(changelog.lastNumber)]],
        ]
      : [];
  const user: readonly Row[] = [['objectClass', ['top', 'ds-root-dse']]];
  const operational: readonly Row[] = [
    ['namingContexts', [server.head.dn]],
    ['supportedControl', [...supportedControls]],
    [
      'supportedExtension',
      [
        EXTENDED_OID.startTls,
        EXTENDED_OID.whoAmI,
        EXTENDED_OID.cancel,
        ...(changelog.isEnabled ? [EXTENDED_OID.getChangelogBatch] : []),
      ],
    ],
    // modify-increment, + for operational attributes, absolute true and false filters
    ['supportedFeatures', ['1.3.6.1.1.14', '1.3.6.1.4.1.4203.1.5.1', '1.3.6.1.4.1.4203.1.5.3']],
    ['supportedLDAPVersion', ['3']],
    ['subschemaSubentry', [server.subschema.dn]],
    ['vendorName', ['Ping Identity Corporation']],
    ['vendorVersion', ['PingDirectory 10.1.0.0']],
    ...ofChangelog,
  ];
  const asked = new Set(selection.attributes.map((name) => name.toLowerCase()));
  const wants = (rows: readonly Row[], all: boolean) =>
    rows.filter(([name]) => all || asked.has(name.toLowerCase()));
  const shown = [...wants(user, asked.size === 0 || asked.has('*')), ...wants(operational, asked.has('+'))];
  return shown.map(([type, values]) => ({ type, values: selection.typesOnly ? [] : values.map(utf8) }));
}
