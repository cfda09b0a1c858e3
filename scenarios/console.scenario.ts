// The console in a real browser, served by the built server, over a rule that reads an in-memory directory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '@sallyport/contract';
import {
  clientOf,
  type InboundRule,
  type InMemoryDirectory,
  makeGateway,
  makeInboundRule,
  makeRevision,
  type Program,
  type RunningServer,
  runToEnd,
  startGateway,
  startInMemoryDirectory,
  startServer,
  waitForInstances,
  waitUntil,
} from '@sallyport/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';

const PEOPLE = 60;
const CHROMIUM = process.env.SALLYPORT_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const STRICTEST_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'";
const from = process.env.SALLYPORT_SCENARIOS_FROM === 'source' ? 'source' : 'built';

describe('the console', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-console-'));
  const closing: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  let directory: InMemoryDirectory;
  let server: RunningServer;
  let api: ApiClient;
  let gateway: Program;
  let rule: InboundRule;
  let browser: Browser;
  let page: Page;
  /** What a browser only tells those who look: errors of scripts, refusals of the content security policy, failed requests. */
  let complaints: string[] = [];

  beforeAll(async () => {
    directory = await startInMemoryDirectory({ people: PEOPLE });
    closing.push(() => directory.stop());
    server = await startServer({ folder, from });
    closing.push(() => server.program.stop());
    api = clientOf(server);
    const { environmentId } = server;
    const made = await makeGateway(api, environmentId, 'Head office', {
      servers: [`127.0.0.1:${directory.port}`],
      bindDn: directory.bindDn,
      bindPassword: directory.bindPassword,
      vendor: 'Microsoft Active Directory',
    });
    gateway = startGateway({ serverUrl: server.url, credential: made.credential, from });
    closing.push(() => gateway.stop());
    await waitForInstances(api, environmentId, made.gatewayId);
    rule = await makeInboundRule(api, environmentId, {
      name: 'Employees in',
      gatewayId: made.gatewayId,
      ldapType: 'Microsoft Active Directory',
      configuration: { USERS_BASE_DN: `OU=People,${directory.baseDn}` },
      actions: { DEPROVISION_USERS: true, REMOVE_ACTION: 'Disable', PROVISION_DISABLED_USERS_PROV_OPT: true },
      mappings: [
        { sourceAttribute: 'sAMAccountName', targetAttribute: 'username' },
        { sourceAttribute: 'givenName', targetAttribute: 'name.given' },
        { sourceAttribute: 'sn', targetAttribute: 'name.family' },
        { sourceAttribute: 'Active', targetAttribute: 'enabled' },
      ],
    });
    await makeRevision(api, environmentId);
    await waitUntil(async () => (await status()).users.success === PEOPLE, 'everybody is in');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    closing.push(() => browser.close());
    page = await newPage();
    await signIn(page, server.clientSecret);
    await page.getByRole('heading', { name: 'Provisioning rules' }).waitFor();
  });

  afterAll(async () => {
    for (let step = closing.pop(); step !== undefined; step = closing.pop()) await step();
  });

  beforeEach(() => {
    complaints = [];
    onTestFailed(async () => {
      console.error(
        `at ${page.url()}\n${complaints.join('\n')}\n${await page.locator('body').textContent()}`,
      );
    });
  });

  async function newPage(): Promise<Page> {
    const opened = await (await browser.newContext()).newPage();
    // Whatever the server allows, the console works under the strictest policy.
    await opened.route(
      (url) => url.pathname === '/' || url.pathname.startsWith('/environments/'),
      async (route) => {
        const response = await route.fetch();
        await route.fulfill({
          response,
          headers: { ...response.headers(), 'content-security-policy': STRICTEST_POLICY },
        });
      },
    );
    opened.on('pageerror', (error) => complaints.push(String(error)));
    opened.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    return opened;
  }

  async function signIn(on: Page, secret: string, address = server.url): Promise<void> {
    await on.goto(address);
    await on.getByLabel('Environment id').fill(server.environmentId);
    await on.getByLabel('Client id').fill(server.clientId);
    await on.getByLabel('Client secret').fill(secret);
    await on.getByRole('button', { name: 'Sign in' }).click();
  }

  const status = () => api.ruleState.readStatus({ environmentId: server.environmentId, ruleId: rule.ruleId });
  const openRule = async (): Promise<void> => {
    await page.getByRole('link', { name: 'Provisioning rules' }).first().click();
    await page.getByRole('link', { name: 'Employees in' }).click();
    await page.getByRole('region', { name: 'Runs' }).waitFor();
  };
  const counter = (region: string, name: RegExp) =>
    page.getByRole('region', { name: region, exact: true }).getByRole('link', { name });

  test('comes with a policy that allows scripts from here alone, and needs no inline code itself', async () => {
    const answer = await fetch(server.url, { headers: { accept: 'text/html' } });
    const policy = (answer.headers.get('content-security-policy') ?? '').split('; ');
    expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'"]));
    expect(await answer.text()).not.toMatch(/<script(?![^>]*\ssrc=)|<style|(src|href)="https?:/);
  });

  test('answers the address of a page with the console, and an unknown one of the API with an error', async () => {
    const { environmentId } = server;
    const deep = await fetch(`${server.url}/environments/${environmentId}/rules/${rule.ruleId}`, {
      headers: { accept: 'text/html' },
    });
    expect([deep.status, deep.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const lost = await fetch(`${server.url}/v1/environments/${environmentId}/nothing`);
    expect([lost.status, (await lost.json()) as unknown]).toEqual([
      404,
      expect.objectContaining({ code: 'NOT_FOUND' }),
    ]);
    expect((await fetch(`${server.url}/assets/nothing.js`)).status).toBe(404);
  });

  test('says what is wrong with wrong credentials, and lets nobody in', async () => {
    const other = await newPage();
    await signIn(other, 'wrong');
    await other.getByRole('alert').getByText('Client id or secret is wrong').waitFor();
    expect(await other.getByRole('navigation').count()).toBe(0);
    await other.context().close();
  });

  test('keeps the session over a reload of a deep address, and forgets it at sign-out', async () => {
    const address = `${server.url}/environments/${server.environmentId}/users?search=a`;
    const other = await newPage();
    await signIn(other, server.clientSecret, address);
    await other.getByRole('heading', { name: 'Users' }).waitFor();
    await other.reload();
    await other.getByRole('heading', { name: 'Users' }).waitFor();
    expect(await other.getByRole('searchbox').inputValue()).toBe('a');
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByLabel('Client secret').waitFor();
    const left = await other.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    expect(left).not.toContain(server.clientSecret);
    await other.reload();
    await other.getByLabel('Client secret').waitFor();
    expect(complaints).toEqual([]);
    await other.context().close();
  });

  test('shows the rule in the list with its numbers', async () => {
    const row = page.getByRole('row', { name: /Employees in/ });
    await row.getByText(`${PEOPLE} in sync`).waitFor();
    expect(await row.textContent()).toMatch(/Inbound · Employees in source → *to *Employees in target/);
    await row.getByText('Active', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('starts a run, follows it, and opens the objects of each counter with before and after', async () => {
    const [person] = directory.edit.find('(sAMAccountName=*)', { base: `OU=People,${directory.baseDn}` });
    if (person === undefined) throw new Error('nobody is in the directory');
    const [before = ''] = person.attributes.sn ?? [];
    const [login = ''] = person.attributes.sAMAccountName ?? [];
    await openRule();
    directory.edit.modify(person.dn, { replace: { sn: 'Renamed' } });
    await page.getByRole('button', { name: 'Full run' }).click();
    await page.getByRole('region', { name: 'Runs' }).getByRole('link', { name: '1 updated' }).click();
    await page.getByRole('region', { name: 'Objects: updated' }).waitFor();
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('updated');
    await page.getByRole('button', { name: `What changed in ${login}` }).click();
    const change = page
      .getByRole('row')
      .filter({ has: page.getByRole('cell', { name: 'name.family', exact: true }) });
    expect(await change.last().getByRole('cell').allTextContents()).toEqual([
      'name.family',
      before,
      'Renamed',
    ]);
    await page.getByRole('link', { name: 'Explain this object' }).click();
    await page.getByRole('region', { name: 'What the next run does' }).getByText('Unchanged').waitFor();
    await page.getByRole('region', { name: '2. Scope' }).getByText('In scope', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('finds a person by the beginning of a name, and shows which rule syncs them', async () => {
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('searchbox').fill('renamed');
    await waitUntil(async () => (await page.getByRole('row').count()) === 2, 'one person is found');
    await page.getByRole('table').getByRole('link').click();
    const rules = page.getByRole('region', { name: 'Rules that sync this user' });
    await rules.getByRole('link', { name: 'Employees in' }).waitFor();
    await rules.getByText('In sync').waitFor();
    await page.getByRole('cell', { name: 'Renamed' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('previews without writing', async () => {
    await openRule();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Nothing of this was written').waitFor();
    await page.getByRole('link', { name: new RegExp(`${PEOPLE} Unchanged`) }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('holds removals until a person releases them by number', async () => {
    const gone = directory.edit
      .find('(sAMAccountName=*)', { base: `OU=People,${directory.baseDn}` })
      .slice(0, 20);
    const { environmentId } = server;
    const { ruleId } = rule;
    for (const person of gone) directory.edit.remove(person.dn);
    await runToEnd(api, environmentId, ruleId, 'full');
    await openRule();
    await page.getByRole('region', { name: '20 removals held' }).getByText('10 of 20 shown').waitFor();
    await counter('User sync summary', /^20 Held$/).waitFor();
    await page.getByRole('button', { name: 'Release…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Release 20 removals?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await status()).users.held).toBe(20);
    await page.getByRole('button', { name: 'Release…' }).click();
    await dialog.getByRole('button', { name: 'Release 20 removals' }).click();
    await page.getByRole('region', { name: '20 removals held' }).waitFor({ state: 'hidden' });
    await waitUntil(async () => (await status()).users.impacted === PEOPLE - 20, 'twenty are gone');
    await counter('User sync summary', new RegExp(`^${PEOPLE - 20} In sync$`)).waitFor();
    expect(complaints).toEqual([]);
  });

  test('searches the objects of a status, and the address brings the search back', async () => {
    const [person] = directory.edit.find('(sAMAccountName=*)', { base: `OU=People,${directory.baseDn}` });
    // `CN=…,OU=<city>,OU=People,…`: a city where somebody is left.
    const city = /,(OU=[^,]+),OU=People/.exec(person?.dn ?? '')?.[1] ?? '';
    await openRule();
    await counter('User sync summary', /In sync$/).click();
    await page.getByRole('searchbox', { name: 'Search objects' }).fill(city.toLowerCase());
    const table = page.getByRole('region', { name: 'Objects' });
    const places = async (): Promise<readonly string[]> =>
      (await table.getByRole('row').allTextContents()).slice(1);
    const onlyTheCity = async (): Promise<boolean> => {
      const rows = await places();
      return rows.length > 0 && rows.every((row) => row.includes(city));
    };
    await waitUntil(onlyTheCity, 'only the city is shown');
    expect((await places()).length).toBeLessThan(PEOPLE - 20);
    await page.reload();
    await waitUntil(onlyTheCity, 'only the city is shown again');
    expect(await page.getByLabel('Status').inputValue()).toBe('SUCCESS');
    expect(complaints).toEqual([]);
  });

  test('shows groups with their members and rules, and holds memberships until a person decides', async () => {
    const { environmentId } = server;
    const base = `OU=People,${directory.baseDn}`;
    const members = directory.edit.find('(sAMAccountName=*)', { base }).slice(0, 30);
    const watch = `CN=Night Watch,${base}`;
    directory.edit.add(watch, {
      objectClass: 'group',
      sAMAccountName: 'Night Watch',
      description: 'Who is awake',
      member: members.map(({ dn }) => dn),
    });
    await runToEnd(api, environmentId, rule.ruleId, 'full');
    await page.getByRole('link', { name: 'Groups', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Search groups' }).fill('night');
    const row = page.getByRole('row', { name: /Night Watch/ });
    await row.getByText('External').waitFor();
    expect(await row.textContent()).toContain('30');
    await row.getByRole('link', { name: 'Night Watch' }).click();
    await page.getByRole('heading', { name: 'Night Watch' }).waitFor();
    const rules = page.getByRole('region', { name: 'Rules that sync this group' });
    await rules.getByRole('link', { name: 'Employees in' }).waitFor();
    const list = page.getByRole('region', { name: 'Members' });
    await list.getByText('30 users, 30 of them directly').waitFor();
    await list.getByRole('link').first().click();
    await page
      .getByRole('region', { name: 'Groups', exact: true })
      .getByRole('link', { name: 'Night Watch' })
      .waitFor();

    directory.edit.modify(watch, { replace: { member: members.slice(0, 4).map(({ dn }) => dn) } });
    await runToEnd(api, environmentId, rule.ruleId, 'full');
    await openRule();
    await counter('Group sync summary', /^1 Held$/).waitFor();
    const held = page.getByRole('region', { name: '26 removals held' });
    await held.getByText('Left the group Night Watch').first().waitFor();
    await page.getByRole('button', { name: 'Keep them…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Discard 26 removals?' });
    await dialog.getByRole('button', { name: 'Discard 26 removals' }).click();
    await held.waitFor({ state: 'hidden' });
    await counter('Group sync summary', /^1 Partly synced$/).click();
    await page.getByRole('link', { name: 'Group Night Watch' }).waitFor();
    const group = await api.groups.list({ environmentId, query: { filter: 'name eq "Night Watch"' } });
    expect(group._embedded.groups[0]?.directMemberCounts.users).toBe(30);
    expect(complaints).toEqual([]);
  });

  test('shows the gateway with its instance, and who changed what', async () => {
    await page.getByRole('link', { name: 'Gateways' }).click();
    await page.getByRole('link', { name: 'Head office' }).click();
    await page.getByRole('region', { name: 'Instances' }).getByText('Healthy').waitFor();
    await page.getByRole('link', { name: 'Activities' }).click();
    await page.getByRole('cell', { name: 'runs: release' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('goes by keyboard alone, in the colours one chooses', async () => {
    await page.getByRole('link', { name: 'Provisioning rules' }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Provisioning rules' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'main');
    // The list comes after the heading; before it there is nothing to go to.
    await page.getByRole('main').getByRole('link').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Runs' }).waitFor();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Show the console in dark colours' }).click();
    await waitUntil(async () => (await background()) !== light, 'the colours change');
    expect(complaints).toEqual([]);
  });

  test('says when the server is away, and goes on by itself when it is back', async () => {
    const { port, identity } = server;
    await openRule();
    await server.program.stop();
    const notice = page.getByRole('alert').getByText('The server does not answer');
    await notice.waitFor();
    await page.getByRole('region', { name: 'Runs' }).waitFor();
    server = await startServer({ folder, from, port, identity });
    await notice.waitFor({ state: 'detached' });
  });
});
