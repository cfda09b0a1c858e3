import { BerWriter, EntryBatch, type LdapClient, parseObjectGuid, present, TAG } from '@sallyport/ldap';

/** LDAP_SERVER_SD_FLAGS_OID ([MS-ADTS] 3.1.1.3.4.1.11), here for the discretionary list alone. */
const SD_FLAGS = '1.2.840.113556.1.4.801';
const DACL = 4;
/** DS-Replication-Get-Changes ([MS-ADTS] 5.1.3.2.1). */
const GET_CHANGES = '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2';
const ACCESS_ALLOWED_OBJECT = 5;
const CONTROL_ACCESS = 0x100;

/** Grants an account the right Replicating Directory Changes on a naming context, as `dsacls` does. */
export async function grantReplication(admin: LdapClient, context: string, account: string): Promise<void> {
  const writer = new BerWriter(16);
  writer.begin(TAG.sequence);
  writer.integer(DACL);
  writer.end();
  const controls = [{ oid: SD_FLAGS, critical: true, value: writer.finish() }];
  const descriptor = await read(admin, context, 'nTSecurityDescriptor', controls);
  const sid = await read(admin, account, 'objectSid', []);
  const value = withEntry(descriptor, sid);
  await admin.modify(context, [{ operation: 'replace', type: 'nTSecurityDescriptor', values: [value] }], {
    controls,
  });
}

/** The descriptor with one more entry at the beginning of its list ([MS-DTYP] 2.4.4.3, 2.4.5, 2.4.6). */
function withEntry(descriptor: Buffer, sid: Buffer): Buffer {
  const listAt = descriptor.readUInt32LE(16);
  const list = descriptor.subarray(listAt, listAt + descriptor.readUInt16LE(listAt + 2));
  const entry = Buffer.alloc(28 + sid.length);
  entry.writeUInt8(ACCESS_ALLOWED_OBJECT, 0);
  entry.writeUInt16LE(entry.length, 2);
  entry.writeUInt32LE(CONTROL_ACCESS, 4);
  entry.writeUInt32LE(1, 8);
  parseObjectGuid(GET_CHANGES).copy(entry, 12);
  sid.copy(entry, 28);
  const longer = Buffer.concat([list.subarray(0, 8), entry, list.subarray(8)]);
  longer.writeUInt16LE(longer.length, 2);
  longer.writeUInt16LE(longer.readUInt16LE(4) + 1, 4);
  const header = Buffer.alloc(20);
  descriptor.copy(header, 0, 0, 4);
  header.writeUInt32LE(header.length, 16);
  return Buffer.concat([header, longer]);
}

async function read(
  admin: LdapClient,
  dn: string,
  attribute: string,
  controls: readonly { oid: string; critical: boolean; value: Buffer }[],
): Promise<Buffer> {
  const stream = admin.search({
    base: dn,
    scope: 'base',
    filter: present('objectClass'),
    attributes: [attribute],
    pageSize: 0,
    controls,
  });
  for await (const bytes of stream)
    for (const entry of new EntryBatch(bytes).entries()) {
      const value = entry.bytes(attribute);
      if (value !== undefined) return Buffer.from(value);
    }
  throw new Error(`${dn} shows no ${attribute}`);
}
