import { newUuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import { temporaryStore } from './testing/temporary-store.ts';

test('exactly one population is the default, and one with users stays', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const first = await store.populations.default(environmentId);
  const staff = await store.populations.create({
    environmentId,
    name: 'Staff',
    isDefault: true,
    properties: { theme: { id: 't' } },
  });
  expect(await store.populations.default(environmentId)).toEqual(staff);
  expect(
    (await store.populations.list(environmentId, { limit: 10 })).items.filter((one) => one.isDefault),
  ).toEqual([staff]);
  const user = await store.users.create({ environmentId, profile: { username: 'ana' } });
  expect(user.populationId).toBe(staff.id);
  await expect(store.populations.remove(environmentId, staff.id)).rejects.toMatchObject({
    code: 'REFERENCED',
  });
  await expect(store.populations.update(environmentId, staff.id, { isDefault: false })).rejects.toMatchObject(
    { code: 'REFERENCED' },
  );
  await expect(store.populations.create({ environmentId, name: 'Staff' })).rejects.toMatchObject({
    code: 'UNIQUENESS_VIOLATION',
    details: [{ target: 'name' }],
  });
  const back = await store.populations.update(environmentId, first?.id ?? newUuid(), {
    isDefault: true,
    name: 'Everyone',
  });
  expect(back).toMatchObject({ name: 'Everyone', isDefault: true, userCount: 0 });
  expect(await store.populations.get(environmentId, staff.id)).toMatchObject({
    isDefault: false,
    userCount: 1,
  });
  await store.users.remove(environmentId, user.id);
  await store.populations.remove(environmentId, staff.id);
  expect((await store.populations.list(environmentId, { limit: 10, nameStartsWith: 'EVERY' })).count).toBe(1);
  expect((await store.populations.list(environmentId, { limit: 10, nameEquals: 'staff' })).count).toBe(0);
});

test('plans, stores, rules and mappings are kept, guarded against dangling, and frozen by a revision', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const plan = await store.plans.create({ environmentId, name: 'Plan' });
  const source = await store.stores.create({
    environmentId,
    name: 'AD',
    type: 'LdapGateway',
    configuration: { CREATE_USERS: true, LIST: ['a', 'b'], NUMBER: 5, TEXT: 'é', NOTHING: null },
  });
  const target = await store.stores.create({
    environmentId,
    name: 'Directory',
    type: 'PingOne',
    configuration: {},
  });
  const rule = await store.rules.create({
    environmentId,
    name: 'AD in',
    planId: plan.id,
    sourceStoreId: source.id,
    targetStoreId: target.id,
    configuration: { USERS_BASE_DN: 'dc=corp' },
  });
  await expect(
    store.rules.create({ ...rule, id: undefined, planId: newUuid(), sourceStoreId: newUuid() }),
  ).rejects.toMatchObject({
    code: 'INVALID_DATA',
    details: [{ target: 'plan.id' }, { target: 'sourceStore.id' }],
  });
  const mapping = await store.mappings.create({
    environmentId,
    ruleId: rule.id,
    name: 'username',
    objectType: 'user',
    targetAttribute: 'username',
    source: { attribute: 'sAMAccountName' },
    createOnly: false,
    trim: true,
    characterCase: 'LOWER',
    parser: 'NONE',
    defaultValue: undefined,
    masked: false,
  });
  expect(await store.mappings.get(environmentId, mapping.id)).toEqual(mapping);
  await expect(store.mappings.create({ ...mapping, id: undefined })).rejects.toMatchObject({
    code: 'UNIQUENESS_VIOLATION',
    details: [{ target: 'targetAttribute' }],
  });
  const first = await store.revisions.create({ environmentId, createdBy: 'ana' });
  const changed = await store.mappings.update(environmentId, mapping.id, {
    source: { expression: 'lower(mail)' },
  });
  expect(changed.source).toEqual({ expression: 'lower(mail)' });
  const renamed = await store.rules.update(environmentId, rule.id, {
    name: 'AD staff in',
    active: true,
    description: undefined,
  });
  const second = await store.revisions.create({ environmentId, createdBy: 'ana' });
  expect(second.previousId).toBe(first.id);
  expect(await store.revisions.latest(environmentId)).toEqual(second);
  expect(await store.revisions.snapshot(environmentId, first.id)).toEqual({
    plans: [plan],
    stores: [source, target],
    rules: [rule],
    mappings: [mapping],
  });
  expect(await store.revisions.snapshot(environmentId, second.id)).toMatchObject({
    rules: [renamed],
    mappings: [changed],
  });
  expect((await store.revisions.list(environmentId, { limit: 1 })).items).toEqual([second]);
  await expect(store.stores.remove(environmentId, source.id)).rejects.toMatchObject({
    code: 'REFERENCED',
    details: [{ innerError: { referencedValues: [rule.id] } }],
  });
  await expect(store.plans.remove(environmentId, plan.id)).rejects.toMatchObject({ code: 'REFERENCED' });
  expect((await store.rules.list(environmentId, { limit: 10, storeId: target.id })).items).toEqual([renamed]);
  await store.rules.remove(environmentId, rule.id);
  expect((await store.mappings.list(environmentId, rule.id, { limit: 10 })).count).toBe(0);
  await store.stores.remove(environmentId, source.id);
  await store.plans.remove(environmentId, plan.id);
});

test('a gateway goes with its credentials, instances and secrets; a revoked credential is told from an unknown one', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const gateway = await store.gateways.create({
    environmentId,
    name: 'AD',
    type: 'LDAP',
    enabled: true,
    properties: { vendor: 'x' },
  });
  const credential = await store.credentials.create({ environmentId, gatewayId: gateway.id });
  const second = await store.credentials.create({ environmentId, gatewayId: gateway.id });
  await store.credentials.markUsed(environmentId, credential.id, 5);
  await store.credentials.revoke(environmentId, second.id);
  await expect(store.credentials.revoke(environmentId, second.id)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(
    (await store.credentials.list(environmentId, gateway.id)).map((one) => [one.id, one.lastUsedAt]),
  ).toEqual([[credential.id, 5]]);
  expect((await store.credentials.get(environmentId, second.id))?.revokedAt).toBeTypeOf('number');
  await expect(store.credentials.create({ environmentId, gatewayId: newUuid() })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const instance = {
    environmentId,
    gatewayId: gateway.id,
    id: newUuid(),
    credentialId: credential.id,
    connected: true,
    hostname: 'gw1',
    version: '1.0.0',
    healthStatus: 'HEALTHY',
    currentErrors: [{ code: 'X' }],
    metrics: { operationsPerSecond: 4.5 },
    initializedAt: 1,
    lastReportedAt: 2,
  } as const;
  await store.instances.save(instance);
  await store.instances.save({ ...instance, lastReportedAt: 3 });
  expect(await store.instances.list(environmentId, gateway.id)).toEqual([{ ...instance, lastReportedAt: 3 }]);
  await store.instances.disconnectAll();
  expect((await store.instances.get(environmentId, gateway.id, instance.id))?.connected).toBe(false);
  const sealed = new Uint8Array([0, 1, 255]);
  await store.secrets.put(environmentId, gateway.id, 'bindPassword', sealed);
  await store.secrets.put('system', 'signing', 'current', new Uint8Array([7]));
  expect(await store.secrets.get(environmentId, gateway.id, 'bindPassword')).toEqual(sealed);
  await store.gateways.remove(environmentId, gateway.id);
  expect([
    await store.credentials.get(environmentId, credential.id),
    await store.instances.get(environmentId, gateway.id, instance.id),
    await store.secrets.get(environmentId, gateway.id, 'bindPassword'),
  ]).toEqual([undefined, undefined, undefined]);
  expect((await store.secrets.list('system', 'signing')).map((one) => one.name)).toEqual(['current']);
});

test('a lease has one holder at a time, and an expired one is free', async () => {
  await using temporary = await temporaryStore();
  const { leases } = temporary.store;
  const { environmentId } = temporary;
  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, index) => leases.acquire(environmentId, 'rule', `h${index}`, 60_000)),
  );
  expect(asked.filter((won) => won).length).toBe(1);
  const holder = (await leases.holder(environmentId, 'rule')) ?? '';
  expect(await leases.acquire(environmentId, 'rule', holder, 0)).toBe(true);
  expect(await leases.holder(environmentId, 'rule')).toBeUndefined();
  expect(await leases.acquire(environmentId, 'rule', 'other', 60_000)).toBe(true);
  expect(await leases.renew(environmentId, 'rule', holder, 60_000)).toBe(false);
  await leases.release(environmentId, 'rule', holder);
  expect(await leases.holder(environmentId, 'rule')).toBe('other');
  await leases.release(environmentId, 'rule', 'other');
  expect(await leases.acquire(environmentId, 'rule', holder, 60_000)).toBe(true);
});

test('applications, settings and the audit log are kept, newest activities first', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const application = await store.applications.create({
    environmentId,
    name: 'terraform',
    secretHash: '$argon2id$x',
    roles: [
      { role: 'Environment Admin', environmentId },
      { role: 'Organization Admin', environmentId: undefined },
    ],
  });
  expect(await store.applications.get(environmentId, application.id)).toEqual(application);
  expect((await store.applications.update(environmentId, application.id, { enabled: false })).enabled).toBe(
    false,
  );
  await store.settings.put('system', 'a', '1');
  await store.settings.put('system', 'a', '2');
  expect(await store.settings.list('system')).toEqual(new Map([['a', '2']]));
  const actor = { type: 'CLIENT', id: application.id, name: 'terraform' };
  await store.activities.append(
    Array.from({ length: 1200 }, (_, index) => ({
      environmentId,
      at: index,
      actor,
      action: 'USER.CREATED',
      resource: { type: 'USER', id: `u${index % 3}`, name: undefined },
      detail: { index },
    })),
  );
  const page = await store.activities.list(environmentId, { limit: 2, resourceId: 'u0', from: 10 });
  expect([page.count, page.items.map((one) => one.at)]).toEqual([396, [1197, 1194]]);
  const next = await store.activities.list(environmentId, {
    limit: 2,
    resourceId: 'u0',
    from: 10,
    cursor: page.nextCursor,
  });
  expect(next.items.map((one) => one.detail)).toEqual([{ index: 1191 }, { index: 1188 }]);
});
