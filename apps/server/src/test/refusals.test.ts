import { makeInboundRule } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AD, codes, errorOf, type PlayedCorp, playCorp } from './played-corp.ts';

let corp: PlayedCorp;
beforeAll(async () => {
  corp = await playCorp(5);
});
afterAll(() => corp.stop());

describe('what cannot work is refused at the door', () => {
  it('cursors that no list made, also of lists that a rule begins with its first run', async () => {
    const { api, environmentId, gatewayId } = corp;
    const { ruleId } = await makeInboundRule(api, environmentId, {
      name: 'Never ran',
      gatewayId,
      ldapType: AD,
      configuration: { USERS_BASE_DN: corp.directory.baseDn },
    });
    const list = { environmentId, ruleId, query: { cursor: 'zzz' } };
    const refusals = [api.syncedGroups.list(list), api.ruleState.listObjects(list), api.runs.list(list)];
    for (const refused of refusals)
      expect(codes(await errorOf(refused))).toEqual([['INVALID_CURSOR', 'cursor']]);
  });

  it('stores', async () => {
    const { environmentId, gatewayId } = corp;
    const create = (type: string, configuration: Record<string, string | boolean>) =>
      corp.api.stores.create({ environmentId, body: { name: crypto.randomUUID(), type, configuration } });
    expect(codes(await errorOf(create('Workday', {})))).toEqual([['UNKNOWN_STORE_TYPE', 'type']]);
    expect(
      codes(
        await errorOf(
          create('LdapGateway', {
            LDAP_TYPE: 'PingDirectory',
            GATEWAY_ID: gatewayId,
            ENVIRONMENT_ID: gatewayId,
            CREATE_USERS: 'perhaps',
          }),
        ),
      ),
    ).toEqual([
      ['INVALID_VALUE', 'configuration.ENVIRONMENT_ID'],
      ['INVALID_VALUE', 'configuration.LDAP_TYPE'],
      ['INVALID_VALUE', 'configuration.CREATE_USERS'],
    ]);
    expect(codes(await errorOf(create('LdapGateway', {})))).toEqual([
      ['REQUIRED_VALUE', 'configuration.GATEWAY_ID'],
    ]);
    expect(
      codes(
        await errorOf(
          create('PingOne', { REMOVE_ACTION: 'Delete', PROVISION_DISABLED_USERS_PROV_OPT: 'true' }),
        ),
      ),
    ).toEqual([['INVALID_VALUE', 'configuration.PROVISION_DISABLED_USERS_PROV_OPT']]);
  });

  it('gateways that migrate users at their first sign-on, and the other way round', async () => {
    const { environmentId, gatewayId } = corp;
    const body = {
      name: 'Migrating',
      type: 'LDAP' as const,
      enabled: true,
      vendor: AD,
      serversHostAndPort: ['127.0.0.1:389'],
      bindDN: 'CN=svc,DC=corp,DC=example',
      bindPassword: 'secret-password',
      userTypes: [
        {
          name: 'Staff',
          passwordAuthority: 'LDAP' as const,
          searchBaseDn: corp.directory.baseDn,
          orderedCorrelationAttributes: ['objectGUID'],
          newUserLookup: {
            ldapFilterPattern: `(uid=$${'{identifier}'})`,
            attributeMappings: [{ name: 'username', value: `$${'{ldapAttributes.uid}'}` }],
          },
        },
      ],
    };
    const migrating = await corp.api.gateways.create({ environmentId, body });
    const refused = await errorOf(
      corp.api.stores.create({
        environmentId,
        body: { name: 'm', type: 'LdapGateway', configuration: { GATEWAY_ID: migrating.id } },
      }),
    );
    expect(codes(refused)).toEqual([['GATEWAY_MIGRATES_USERS', 'configuration.GATEWAY_ID']]);
    const store = await corp.api.stores.create({
      environmentId,
      body: { name: 'in use', type: 'LdapGateway', configuration: { GATEWAY_ID: gatewayId } },
    });
    const back = await errorOf(
      corp.api.gateways.replace({
        environmentId,
        gatewayId,
        body: { ...(await corp.api.gateways.read({ environmentId, gatewayId })), userTypes: body.userTypes },
      }),
    );
    expect(codes(back)).toEqual([['GATEWAY_MIGRATES_USERS', 'userTypes']]);
    const inUse = await errorOf(corp.api.gateways.remove({ environmentId, gatewayId }));
    expect(inUse).toMatchObject({ status: 400, details: [{ code: 'REFERENCED' }] });
    await corp.api.stores.remove({ environmentId, storeId: store.id });
    await corp.api.gateways.remove({ environmentId, gatewayId: migrating.id });
  });

  it('rules and mappings, checked against the directory and the identity store', async () => {
    const { environmentId, gatewayId } = corp;
    const { ruleId, sourceStoreId, targetStoreId } = await makeInboundRule(corp.api, corp.environmentId, {
      name: 'refusals',
      gatewayId,
      ldapType: AD,
      configuration: {},
      active: false,
    });
    const key = { environmentId, ruleId };
    const faulty = await errorOf(
      corp.api.rules.replace({
        ...key,
        body: {
          name: 'refusals',
          active: true,
          populationExpression: 'username ==',
          configuration: {
            USERS_BASE_DN: 'nowhere at all',
            USERS_LDAP_FILTER: '(department=Sales',
            POLL_INTERVAL_SECONDS: 'soon',
            MAX_REMOVALS_PERCENT: 200,
            POPULATION_ID: ruleId,
            MATCHING_ATTRIBUTE: 'shoeSize',
            CHANGE_STRATEGY: 'magic',
            DEFAULT_PASSWORD_EXPRESSION: '1 +',
          },
        },
      }),
    );
    expect(
      codes(faulty)
        .map(([, target]) => target)
        .toSorted(),
    ).toEqual(
      [
        'populationExpression',
        ...[
          'CHANGE_STRATEGY',
          'DEFAULT_PASSWORD_EXPRESSION',
          'MATCHING_ATTRIBUTE',
          'MAX_REMOVALS_PERCENT',
          'POLL_INTERVAL_SECONDS',
          'POPULATION_ID',
          'USERS_BASE_DN',
          'USERS_LDAP_FILTER',
        ].map((name) => `configuration.${name}`),
      ].toSorted(),
    );
    const unknown = await errorOf(
      corp.api.rules.replace({
        ...key,
        body: {
          name: 'refusals',
          configuration: { USERS_BASE_DN: corp.directory.baseDn, USERS_LDAP_FILTER: '(shoeSizeEu=42)' },
        },
      }),
    );
    expect(codes(unknown)).toEqual([['UNKNOWN_ATTRIBUTE', 'configuration.USERS_LDAP_FILTER']]);
    // Compared a beginning at a time, or shown by a preview, a secret would be none.
    const secret = await errorOf(
      corp.api.rules.replace({
        ...key,
        body: {
          name: 'refusals',
          configuration: {
            USERS_BASE_DN: corp.directory.baseDn,
            USERS_LDAP_FILTER: '(unicodePwd=a*)',
            GROUPS_LDAP_FILTER: '(|(cn=a)(!(ms-Mcs-AdmPwd:2.5.13.2:=b)))',
            DEFAULT_PASSWORD_EXPRESSION: 'userPassword',
          },
        },
      }),
    );
    expect(codes(secret).filter(([code]) => code === 'SECRET_ATTRIBUTE')).toEqual([
      ['SECRET_ATTRIBUTE', 'configuration.USERS_LDAP_FILTER'],
      ['SECRET_ATTRIBUTE', 'configuration.GROUPS_LDAP_FILTER'],
      ['SECRET_ATTRIBUTE', 'configuration.DEFAULT_PASSWORD_EXPRESSION'],
    ]);
    const mapping = (body: Record<string, unknown>) =>
      errorOf(corp.api.mappings.create({ ...key, body: { targetAttribute: 'title', ...body } }));
    expect(codes(await mapping({}))).toEqual([['CONSTRAINT_VIOLATION', 'sourceAttribute']]);
    expect(codes(await mapping({ sourceAttribute: 'titel', targetAttribute: 'titel' }))).toEqual([
      ['UNKNOWN_ATTRIBUTE', 'targetAttribute'],
      ['UNKNOWN_ATTRIBUTE', 'sourceAttribute'],
    ]);
    expect(codes(await mapping({ expression: 'givenName +' }))).toEqual([
      ['INVALID_EXPRESSION', 'expression'],
    ]);
    expect(codes(await mapping({ sourceAttribute: 'unicodePwd' }))).toEqual([
      ['SECRET_ATTRIBUTE', 'sourceAttribute'],
    ]);
    expect(codes(await mapping({ expression: 'cn + userPassword' }))).toEqual([
      ['SECRET_ATTRIBUTE', 'expression'],
    ]);
    const made = await corp.api.mappings.create({
      ...key,
      body: { sourceAttribute: 'ADD:title', targetAttribute: 'Title' },
    });
    expect(made).toMatchObject({
      name: 'title',
      sourceAttribute: 'title',
      targetAttribute: 'title',
      attributeMappingType: 'userAttributeMapping',
    });
    expect(codes(await mapping({ sourceAttribute: 'description' }))).toEqual([
      ['UNIQUENESS_VIOLATION', 'targetAttribute'],
    ]);
    const unready = await errorOf(
      corp.api.rules.replace({
        ...key,
        body: { name: 'refusals', active: true, configuration: { USERS_BASE_DN: corp.directory.baseDn } },
      }),
    );
    expect(codes(unready)).toEqual([['RULE_NOT_READY', 'mappings']]);
    expect(unready.details[0]?.message).toContain('No mapping makes username of users');
    const reversed = await errorOf(
      corp.api.rules.create({
        environmentId,
        body: { name: 'reversed', sourceStore: { id: targetStoreId }, targetStore: { id: sourceStoreId } },
      }),
    );
    expect(codes(reversed)).toEqual([['CONSTRAINT_VIOLATION', 'targetStore.id']]);
    expect(
      codes(await errorOf(corp.api.stores.remove({ environmentId, storeId: sourceStoreId })))[0]?.[0],
    ).toBe('REFERENCED');
    const plan = await errorOf(corp.api.plans.create({ environmentId, body: { name: 'another' } }));
    expect(plan.details[0]).toMatchObject({
      target: 'environment',
      message: expect.stringContaining('existing plan'),
    });
    await corp.api.rules.remove(key);

    // Mappings of its own for groups say nothing of users, whose defaults stay in force.
    const groupsOnly = await makeInboundRule(corp.api, environmentId, {
      name: 'groups only',
      gatewayId,
      ldapType: AD,
      configuration: {},
      active: false,
    });
    const ofGroups = { environmentId, ruleId: groupsOnly.ruleId };
    const group = (targetAttribute: string) =>
      corp.api.mappings.create({
        ...ofGroups,
        body: { attributeMappingType: 'groupAttributeMapping', targetAttribute, sourceAttribute: 'cn' },
      });
    const activate = () =>
      corp.api.rules.replace({
        ...ofGroups,
        body: { name: 'groups only', active: true, configuration: { USERS_BASE_DN: corp.directory.baseDn } },
      });
    await group('description');
    const nameless = await errorOf(activate());
    expect(nameless.details).toMatchObject([
      { code: 'RULE_NOT_READY', message: expect.stringContaining('No mapping makes name of groups') },
    ]);
    await group('name');
    expect((await activate()).active).toBe(true);
    await corp.api.rules.remove(ofGroups);
  });
});
