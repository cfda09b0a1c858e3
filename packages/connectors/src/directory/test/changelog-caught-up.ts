import { and, EntryBatch, eq, greaterOrEqual, type LdapClient, present } from '@sallyport/ldap';

let markers = 0;

/**
 * Makes one more change and waits until the changelog has it: it tells changes in their order, some milliseconds after they
 * were made, and under load some hundred.
 */
export async function changelogCaughtUp(admin: LdapClient, baseDn: string): Promise<void> {
  const before = await newestNumber(admin);
  markers += 1;
  await admin.modify(baseDn, [{ operation: 'replace', type: 'description', values: [`marker ${markers}`] }]);
  for (;;)
    for await (const bytes of admin.search({
      base: 'cn=changelog',
      scope: 'one',
      filter: and(greaterOrEqual('changeNumber', String(before + 1)), eq('targetDN', baseDn)),
      attributes: ['changes'],
      pageSize: 0,
    }))
      for (const entry of new EntryBatch(bytes).entries())
        if ((entry.first('changes') ?? '').includes(`marker ${markers}\n`)) return;
}

async function newestNumber(admin: LdapClient): Promise<number> {
  let newest = 0;
  for await (const bytes of admin.search({
    base: '',
    scope: 'base',
    filter: present('objectClass'),
    attributes: ['lastChangeNumber'],
    pageSize: 0,
  }))
    for (const entry of new EntryBatch(bytes).entries())
      newest = Number(entry.first('lastChangeNumber') ?? 0);
  return newest;
}
