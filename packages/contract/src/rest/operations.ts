import type { Operation, OperationGroup } from './operation.ts';
import { activityOperations, expressionOperations } from './operations/activities.ts';
import { applicationOperations } from './operations/applications.ts';
import { environmentOperations, organizationOperations, roleOperations } from './operations/environments.ts';
import { gatewayOperations } from './operations/gateways.ts';
import { groupOperations, membershipOperations, syncedGroupOperations } from './operations/groups.ts';
import { passwordOperations } from './operations/passwords.ts';
import { populationOperations } from './operations/populations.ts';
import {
  mappingOperations,
  planOperations,
  revisionOperations,
  ruleOperations,
  storeOperations,
} from './operations/propagation.ts';
import { ruleStateOperations, runOperations } from './operations/runs.ts';
import { schemaOperations } from './operations/schemas.ts';
import { userOperations } from './operations/users.ts';

/** Every operation of the API, once. */
export const OPERATIONS = {
  organizations: organizationOperations,
  roles: roleOperations,
  environments: environmentOperations,
  populations: populationOperations,
  users: userOperations,
  groups: groupOperations,
  memberships: membershipOperations,
  passwords: passwordOperations,
  schemas: schemaOperations,
  gateways: gatewayOperations,
  plans: planOperations,
  stores: storeOperations,
  rules: ruleOperations,
  mappings: mappingOperations,
  revisions: revisionOperations,
  runs: runOperations,
  ruleState: ruleStateOperations,
  syncedGroups: syncedGroupOperations,
  applications: applicationOperations,
  activities: activityOperations,
  expressions: expressionOperations,
} as const satisfies Readonly<Record<string, OperationGroup>>;

export type OperationTable = typeof OPERATIONS;

export interface NamedOperation {
  /** `users.create`. */
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly operation: Operation;
}

/** The table as a list, in the order of the table. */
export function listOperations(): readonly NamedOperation[] {
  const groups: Readonly<Record<string, OperationGroup>> = OPERATIONS;
  return Object.entries(groups).flatMap(([group, operations]) =>
    Object.entries(operations).map(([name, operation]) => ({
      id: `${group}.${name}`,
      group,
      name,
      operation,
    })),
  );
}
