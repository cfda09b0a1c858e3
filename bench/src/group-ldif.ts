import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { defaultBaseDn, type OrganisationOptions, personDn } from '@sallyport/testkit';

export interface GroupShape {
  readonly groups: number;
  readonly membersEach: number;
  /** Members of one more group, `Everyone`. */
  readonly inBigGroup: number;
}

/** Adds `ou=Teams` with groups over the people of an OpenLDAP organisation, in their order and around again. */
export async function appendGroupLdif(
  file: string,
  organisation: OrganisationOptions,
  shape: GroupShape,
): Promise<void> {
  const out = createWriteStream(file, { flags: 'a' });
  const write = async (text: string): Promise<void> => {
    if (!out.write(text)) await once(out, 'drain');
  };
  const dns = Array.from({ length: organisation.people }, (_, index) =>
    dnLine('member', personDn(organisation, index)),
  );
  const base = `ou=Teams,${defaultBaseDn.openLdap}`;
  await write(`\ndn: ${base}\nobjectClass: organizationalUnit\nou: Teams\n\n`);
  const group = async (name: string, first: number, members: number): Promise<void> => {
    await write(`dn: cn=${name},${base}\nobjectClass: groupOfNames\ncn: ${name}\n`);
    for (let member = 0; member < members; member++) await write(dns[(first + member) % dns.length] ?? '');
    await write('\n');
  };
  for (let index = 0; index < shape.groups; index++)
    await group(`team${index}`, index * shape.membersEach, shape.membersEach);
  await group('everyone', 0, shape.inBigGroup);
  out.end();
  await once(out, 'close');
}

function dnLine(name: string, dn: string): string {
  return `${name}:: ${Buffer.from(dn).toString('base64')}\n`;
}
