import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { ActivitiesPage } from '../activities/activities-page.tsx';
import { GatewayPage } from '../gateways/gateway-page.tsx';
import { GatewaysPage } from '../gateways/gateways-page.tsx';
import { GroupPage } from '../groups/group-page.tsx';
import { GroupsPage } from '../groups/groups-page.tsx';
import { ObjectsPage } from '../objects/objects-page.tsx';
import { STATUS_ORDER } from '../objects/status-words.ts';
import { ExplainPage } from '../rules/explain-page.tsx';
import { RuleOverview } from '../rules/rule-overview.tsx';
import { RulePage } from '../rules/rule-page.tsx';
import { RulesPage } from '../rules/rules-page.tsx';
import { OUTCOME_ORDER } from '../runs/outcome-words.ts';
import { RunPage } from '../runs/run-page.tsx';
import { UserPage } from '../users/user-page.tsx';
import { UsersPage } from '../users/users-page.tsx';
import { readChoice, readText } from './search-params.ts';
import { Shell } from './shell.tsx';

// The site map. Addresses hold the state of a page: what is filtered and searched for comes back with the link.

const root = createRootRoute({ component: Shell });

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/rules', replace: true });
  },
});

const rules = createRoute({ getParentRoute: () => root, path: '/rules', component: RulesPage });

const rule = createRoute({ getParentRoute: () => root, path: '/rules/$ruleId', component: RulePage });

const ruleOverview = createRoute({ getParentRoute: () => rule, path: '/', component: RuleOverview });

const ruleObjects = createRoute({
  getParentRoute: () => rule,
  path: '/objects',
  component: ObjectsPage,
  validateSearch: (search: Readonly<Record<string, unknown>>) => ({
    ...given('status', readChoice(search, 'status', STATUS_ORDER)),
    ...given('type', readChoice(search, 'type', ['user', 'group'] as const)),
    ...given('search', readText(search, 'search')),
  }),
});

const ruleExplain = createRoute({
  getParentRoute: () => rule,
  path: '/explain',
  component: ExplainPage,
  validateSearch: (search: Readonly<Record<string, unknown>>) =>
    given('identifier', readText(search, 'identifier')),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/rules/$ruleId/runs/$runId',
  component: RunPage,
  validateSearch: (search: Readonly<Record<string, unknown>>) => ({
    ...given('outcome', readChoice(search, 'outcome', OUTCOME_ORDER)),
    ...given('search', readText(search, 'search')),
  }),
});

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  component: UsersPage,
  validateSearch: (search: Readonly<Record<string, unknown>>) => given('search', readText(search, 'search')),
});

const user = createRoute({ getParentRoute: () => root, path: '/users/$userId', component: UserPage });

const groups = createRoute({
  getParentRoute: () => root,
  path: '/groups',
  component: GroupsPage,
  validateSearch: (search: Readonly<Record<string, unknown>>) => given('search', readText(search, 'search')),
});

const group = createRoute({ getParentRoute: () => root, path: '/groups/$groupId', component: GroupPage });

const gateways = createRoute({ getParentRoute: () => root, path: '/gateways', component: GatewaysPage });

const gateway = createRoute({
  getParentRoute: () => root,
  path: '/gateways/$gatewayId',
  component: GatewayPage,
});

const activities = createRoute({
  getParentRoute: () => root,
  path: '/activities',
  component: ActivitiesPage,
});

export const routeTree = root.addChildren([
  start,
  rules,
  rule.addChildren([ruleOverview, ruleObjects, ruleExplain]),
  run,
  users,
  user,
  groups,
  group,
  gateways,
  gateway,
  activities,
]);

/** The parameter if it is there: an absent one does not stand in the address. */
function given<const N extends string, V>(name: N, value: V | undefined): { readonly [K in N]?: V } {
  // A computed key widens to `string`; the record type says which one it is.
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]?: V });
}
