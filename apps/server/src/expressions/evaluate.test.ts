import { makeInboundRule } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AD, codes, errorOf, type PlayedCorp, playCorp } from '../test/played-corp.ts';

let corp: PlayedCorp;
beforeAll(async () => {
  corp = await playCorp(5);
});
afterAll(() => corp.stop());

const evaluate = (body: Parameters<PlayedCorp['api']['expressions']['evaluate']>[0]['body']) =>
  corp.api.expressions.evaluate({ environmentId: corp.environmentId, body });

/** The faults of an expression as the API tells them, without the sentences. */
async function faultsOf(body: Parameters<typeof evaluate>[0]) {
  const error = await errorOf(evaluate(body));
  expect([error.status, error.code]).toEqual([400, 'INVALID_DATA']);
  return error.details.map(({ innerError, target }) => ({ target, ...innerError }));
}

describe('over given data', () => {
  it('answers the result, what an attribute would receive of it, and the attributes it needs', async () => {
    const root = { givenName: 'Ana', mail: ['a@x', 'b@x'], address: { city: 'Lisboa' } };
    expect(await evaluate({ expression: "givenName + ' Silva'", root })).toEqual({
      result: 'Ana Silva',
      type: 'text',
      values: ['Ana Silva'],
      attributes: ['givenName'],
    });
    expect(await evaluate({ expression: 'MAIL', root })).toMatchObject({
      result: ['a@x', 'b@x'],
      type: 'list',
    });
    expect(await evaluate({ expression: "{'to': mail, at: address.city}", root })).toEqual({
      result: { to: ['a@x', 'b@x'], at: 'Lisboa' },
      type: 'map',
      attributes: ['mail', 'address'],
    });
    expect(await evaluate({ expression: '1 + 2' })).toMatchObject({
      result: 3,
      type: 'number',
      values: ['3'],
    });
    expect(await evaluate({ expression: 'missing' })).toMatchObject({
      result: null,
      type: 'null',
      values: [],
    });
    expect((await evaluate({ expression: "givenName + ' ' + sn", root })).warnings).toMatchObject([
      { code: 'NULL_IN_CONCATENATION', found: 'sn', position: 18 },
    ]);
  });

  it('refuses what cannot be read or evaluated with position, found and expected', async () => {
    expect(await faultsOf({ expression: '1 +' })).toEqual([
      expect.objectContaining({
        target: 'expression',
        code: 'SYNTAX',
        position: 3,
        found: 'the end of the expression',
      }),
    ]);
    expect(await faultsOf({ expression: 'a - 1', root: {} })).toEqual([
      expect.objectContaining({ code: 'NULL_OPERAND', position: 0, found: expect.stringContaining('a') }),
    ]);
    expect(await faultsOf({ expression: '#string.nope(a) + #string.trim()' })).toMatchObject([
      { code: 'UNKNOWN_FUNCTION', position: 0 },
      { code: 'ARGUMENT_COUNT', position: 18, expected: '1 argument' },
    ]);
  });

  it.each([
    ['user?.name', /plain dot is enough/],
    ['T(java.lang.Integer).parseInt(x)', /#string\.asInt/],
    ['givenName.toUpperCase()', /Write #string\.upperCase\(/],
  ])('names the way of the language for the habit %s', async (expression, hint) => {
    const [fault] = await faultsOf({ expression });
    expect(fault).toMatchObject({ code: 'FEATURE_DISABLED', hint: expect.stringMatching(hint) });
  });
});

describe('over a real object of a rule', () => {
  it('asks the directory through the gateway for exactly what the expression needs', async () => {
    const { environmentId, gatewayId, directory } = corp;
    const { ruleId } = await makeInboundRule(corp.api, environmentId, {
      name: 'inbound',
      gatewayId,
      ldapType: AD,
      configuration: { USERS_BASE_DN: directory.baseDn },
      active: false,
    });
    const entries = await corp.api.gateways.search({
      environmentId,
      gatewayId,
      body: {
        base: directory.baseDn,
        scope: 'sub',
        filter: '(&(objectClass=user)(mail=*)(!(objectClass=computer)))',
        attributes: ['sAMAccountName'],
        limit: 1,
      },
    });
    const dn = entries.entries[0]?.dn ?? '';
    const login = entries.entries[0]?.attributes.sAMAccountName?.[0] ?? '';
    const tried = await evaluate({
      expression: "#string.upperCase(sAMAccountName) + '|' + objectGUID + '|' + dn + '|' + Active",
      rule: { id: ruleId },
      object: login,
    });
    expect(tried.object?.place).toBe(dn);
    expect(tried.result).toBe(`${login.toUpperCase()}|${tried.object?.key}|${dn}|true`);
    expect(tried.object?.key).toMatch(/^[0-9a-f]{8}-/);
    const binary = await evaluate({ expression: 'objectSid', rule: { id: ruleId }, object: dn });
    expect(binary.result).toMatch(/^AQU[A-Za-z0-9+/]+=*$/);
    const bracket = await evaluate({
      expression: "#root['msDS-User-Account-Control-Computed'] + (#root['description;lang-de'] ?: ' none')",
      rule: { id: ruleId },
      object: dn,
    });
    expect(bracket).toMatchObject({
      result: '0 none',
      attributes: ['msDS-User-Account-Control-Computed', 'description;lang-de'],
    });
    const secret = "userPassword + #root['ms-Mcs-AdmPwd;x']";
    expect(codes(await errorOf(evaluate({ expression: secret, rule: { id: ruleId }, object: dn })))).toEqual([
      ['SECRET_ATTRIBUTE', 'expression'],
    ]);
    const made =
      "#root['unicode' + 'Pwd'] ?: #data.containsAny(#root.![key], {'unicodePwd', 'userPassword'})";
    expect((await evaluate({ expression: made, rule: { id: ruleId }, object: dn })).result).toBe(false);
    const absent = await errorOf(evaluate({ expression: 'cn', rule: { id: ruleId }, object: 'nobody-here' }));
    expect(codes(absent)).toEqual([['INVALID_VALUE', 'object']]);
    const half = await errorOf(evaluate({ expression: 'cn', rule: { id: ruleId }, root: {} }));
    expect(codes(half)).toEqual([
      ['CONSTRAINT_VIOLATION', 'object'],
      ['CONSTRAINT_VIOLATION', 'root'],
    ]);
  });
});

describe('a rule out of the identity store', () => {
  const BASE = 'OU=Staff,DC=corp,DC=example';

  async function outboundRule(configuration: Record<string, string>) {
    const { api, environmentId, gatewayId } = corp;
    const make = (type: string, settings: Record<string, string>) =>
      api.stores.create({
        environmentId,
        body: { name: crypto.randomUUID(), type, status: 'ACTIVE', configuration: settings },
      });
    const source = await make('directory', {});
    const target = await make('LdapGateway', {
      GATEWAY_ID: gatewayId,
      LDAP_TYPE: AD,
      ENVIRONMENT_ID: environmentId,
    });
    return api.rules.create({
      environmentId,
      body: {
        name: crypto.randomUUID(),
        sourceStore: { id: source.id },
        targetStore: { id: target.id },
        configuration,
      },
    });
  }

  it('is checked when it is saved: places, names, expressions; unknown attributes of users are a warning', async () => {
    const faulty = await errorOf(
      outboundRule({
        USERS_RELATIVE_DN: 'nowhere',
        RDN_ATTRIBUTE: 'shoeSizeEu',
        DN_EXPRESSION: "RDN + ',' + #string.nope(BASE_DN)",
      }),
    );
    expect(codes(faulty)).toEqual([
      ['REQUIRED_VALUE', 'configuration.BASE_DN'],
      ['INVALID_DN', 'configuration.USERS_RELATIVE_DN'],
      ['UNKNOWN_ATTRIBUTE', 'configuration.RDN_ATTRIBUTE'],
      ['INVALID_EXPRESSION', 'configuration.DN_EXPRESSION'],
    ]);
    expect(faulty.details[3]?.innerError).toMatchObject({
      code: 'UNKNOWN_FUNCTION',
      position: 12,
      found: "'#string.nope'",
      expected: 'a function of #string',
    });
    const rule = await outboundRule({
      BASE_DN: BASE,
      DN_EXPRESSION: "RDN + ',OU=' + (name.givn ?: department ?: title) + ',' + BASE_DN",
    });
    expect(rule.warnings?.map(({ code, target, message }) => [code, target, message])).toEqual([
      ['UNKNOWN_ATTRIBUTE', 'configuration.DN_EXPRESSION', expect.stringContaining('"name.givn"')],
      ['UNKNOWN_ATTRIBUTE', 'configuration.DN_EXPRESSION', expect.stringContaining('"department"')],
    ]);
    const create = (body: { targetAttribute: string; sourceAttribute?: string; expression?: string }) =>
      corp.api.mappings.create({ environmentId: corp.environmentId, ruleId: rule.id, body });
    expect(await create({ targetAttribute: 'SAMACCOUNTNAME', sourceAttribute: 'username' })).toMatchObject({
      targetAttribute: 'sAMAccountName',
      name: 'sAMAccountName',
    });
    expect(
      (await create({ targetAttribute: 'title', expression: 'titel + population.name' })).warnings,
    ).toMatchObject([{ code: 'UNKNOWN_ATTRIBUTE', target: 'expression' }]);
    expect(
      codes(await errorOf(create({ targetAttribute: 'shoeSizeEu', expression: "username +'x'" }))),
    ).toEqual([
      ['UNKNOWN_ATTRIBUTE', 'targetAttribute'],
      ['INVALID_EXPRESSION', 'expression'],
    ]);
    expect(codes(await errorOf(create({ targetAttribute: 'sAMAccountName', expression: 'email' })))).toEqual([
      ['UNIQUENESS_VIOLATION', 'targetAttribute'],
    ]);
    const activated = await errorOf(
      corp.api.rules.replace({
        environmentId: corp.environmentId,
        ruleId: rule.id,
        body: { name: rule.name, active: true, configuration: { BASE_DN: BASE } },
      }),
    );
    expect(codes(activated)).toEqual([
      ['RULE_NOT_READY', 'active'],
      ['RULE_NOT_READY', 'mappings'],
    ]);
    expect(activated.details[1]?.message).toContain('No mapping makes cn');
  });

  it('is tried on a user: one expression, or every value and the place', async () => {
    const { api, environmentId } = corp;
    const population = await api.populations.create({ environmentId, body: { name: 'Sales' } });
    const user = await api.users.create({
      environmentId,
      body: {
        username: 'Silva, Ana',
        name: { given: 'Ana', family: 'Silva' },
        population: { id: population.id },
      },
    });
    const rule = await outboundRule({
      BASE_DN: BASE,
      DN_EXPRESSION: "RDN + ',OU=' + population.name + ',' + BASE_DN",
    });
    const over = (expression: string, object: string) =>
      evaluate({ expression, rule: { id: rule.id }, object });
    expect(await over("name.family + ' in ' + population.name", user.id)).toEqual({
      result: 'Silva in Sales',
      type: 'text',
      values: ['Silva in Sales'],
      attributes: ['name', 'population'],
      object: { key: user.id, place: 'Silva, Ana' },
    });
    expect((await over("RDN + ',OU=' + population.name + ',' + BASE_DN", 'silva, ana')).result).toBe(
      `cn=Silva\\, Ana,OU=Sales,${BASE}`,
    );
    const explained = await api.ruleState.explain({
      environmentId,
      ruleId: rule.id,
      body: { identifier: user.id },
    });
    expect(explained).toMatchObject({ found: true, sourceKey: user.id, active: true });
    // A comma is none of the characters an account of Active Directory may have.
    expect(explained.reason).toMatch(/^INVALID_VALUE: mapping "sAMAccountName"/);
    await api.mappings.create({
      environmentId,
      ruleId: rule.id,
      body: { targetAttribute: 'cn', sourceAttribute: 'username' },
    });
    await api.mappings.create({
      environmentId,
      ruleId: rule.id,
      body: { targetAttribute: 'sAMAccountName', expression: "#string.replace(username, ', ', '.', -1)" },
    });
    await api.mappings.create({
      environmentId,
      ruleId: rule.id,
      body: { targetAttribute: 'Password', expression: "'Start-' + username" },
    });
    const again = await api.ruleState.explain({
      environmentId,
      ruleId: rule.id,
      body: { identifier: 'Silva, Ana' },
    });
    expect(again.place).toBe(`cn=Silva\\, Ana,OU=Sales,${BASE}`);
    expect(again.mapped).toEqual([
      { mapping: 'cn', targetAttribute: 'cn', values: ['Silva, Ana'], masked: false },
      { mapping: 'sAMAccountName', targetAttribute: 'sAMAccountName', values: ['Silva.Ana'], masked: false },
      { mapping: 'unicodePwd', targetAttribute: 'unicodePwd', values: [], masked: true },
    ]);
    expect(JSON.stringify(again)).not.toContain('Start-');
    expect(
      (await api.ruleState.explain({ environmentId, ruleId: rule.id, body: { identifier: 'nobody' } })).found,
    ).toBe(false);
  });
});
