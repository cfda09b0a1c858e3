import { readFileSync } from 'node:fs';
import { encodeUnicodePwd, LdapError, RESULT_CODE } from '@sallyport/ldap';
import { expect } from 'vitest';
import { testCertificates } from '../certificates/test-certificates.ts';
import type { ConformanceCase } from './case-context.ts';

/** Who is let in, over what. */
export const securityCases: readonly ConformanceCase[] = [
  {
    name: 'LDAPS and StartTLS work with the right authority',
    async run(context) {
      for (const security of ['ldaps', 'startTls'] as const) {
        const client = context.connect({ security });
        const { entries } = await context.search('(objectClass=*)', { scope: 'base' }, client);
        expect(entries).toHaveLength(1);
      }
    },
  },
  {
    name: 'a certificate of another authority is refused, over LDAPS and StartTLS',
    async run(context) {
      for (const security of ['ldaps', 'startTls'] as const) {
        const client = context.connect({ security, tls: { ca: readFileSync(testCertificates.otherCaFile) } });
        await expect(context.search('(objectClass=*)', { scope: 'base' }, client)).rejects.toMatchObject({
          code: 'LDAP_TLS_UNTRUSTED',
        });
      }
    },
  },
  {
    name: 'a certificate for another name is refused',
    async run(context) {
      const tls = { ca: readFileSync(context.server.caFile), servername: 'somewhere-else.example' };
      await expect(
        context.search('(objectClass=*)', { scope: 'base' }, context.connect({ tls })),
      ).rejects.toMatchObject({
        code: 'LDAP_TLS_UNTRUSTED',
      });
    },
  },
  {
    name: 'a wrong password and an unknown account are refused with invalidCredentials',
    async run(context) {
      for (const bind of [
        { dn: context.server.bindDn, password: 'certainly-wrong' },
        { dn: `CN=nobody,${context.server.baseDn}`, password: 'certainly-wrong' },
      ]) {
        const client = context.connect({ bind });
        await expect(context.search('(objectClass=*)', { scope: 'base' }, client)).rejects.toMatchObject({
          resultCode: RESULT_CODE.invalidCredentials,
        });
      }
    },
  },
  {
    name: 'Active Directory signs on by principal name and by domain account, and says 52e for a wrong password',
    needs: ['accountControl'],
    async run(context) {
      const password = context.server.bindPassword;
      for (const dn of ['administrator@corp.example', 'CORP\\administrator']) {
        const client = context.connect({ bind: { dn, password } });
        expect((await context.search('(objectClass=*)', { scope: 'base' }, client)).entries).toHaveLength(1);
      }
      await expect(
        context.client.checkPassword(context.server.bindDn, 'certainly-wrong'),
      ).rejects.toMatchObject({
        diagnosticMessage: expect.stringContaining('data 52e'),
      });
    },
  },
  {
    name: 'an ordinary account reads but does not write',
    async run(context) {
      const unit = await context.makeUnit();
      const password = 'Ordinary.Acc0unt';
      const dn = await context.makePerson(unit, context.isActiveDirectory ? {} : { userPassword: password });
      if (context.isActiveDirectory) {
        await context.client.modify(dn, [
          { operation: 'replace', type: 'unicodePwd', values: [encodeUnicodePwd(password)] },
        ]);
        await context.client.modify(dn, [
          { operation: 'replace', type: 'userAccountControl', values: ['512'] },
        ]);
      }
      const client = context.connect({ bind: { dn, password } });
      expect(
        (await context.search('(objectClass=*)', { base: unit, scope: 'base' }, client)).entries,
      ).toHaveLength(1);
      await expect(
        client.modify(unit, [{ operation: 'replace', type: 'description', values: ['no'] }]),
      ).rejects.toMatchObject({
        resultCode: RESULT_CODE.insufficientAccessRights,
      });
      await expect(client.delete(unit)).rejects.toThrow();
    },
  },
  {
    name: 'an anonymous client sees the root DSE and nothing else',
    async run(context) {
      const client = context.connect({}, 'anonymous');
      const rootDse = await context.search(
        '(objectClass=*)',
        { base: '', scope: 'base', attributes: ['namingContexts'] },
        client,
      );
      expect(rootDse.entries).toHaveLength(1);
      // Servers refuse, or find nothing that this client may see.
      const seen = await context.search('(objectClass=*)', {}, client).then(
        ({ entries }) => entries.map((entry) => entry.dn),
        (error: unknown) => {
          expect(error).toBeInstanceOf(LdapError);
          return [];
        },
      );
      expect(seen).toEqual([]);
    },
  },
  {
    name: 'a client goes on after the server was restarted, and the data is still there',
    async run(context) {
      const dn = await context.makePerson(await context.makeUnit());
      await context.server.restart();
      expect((await context.read(dn, ['sn']))?.first('sn')).toBe('Person');
    },
  },
];
