import type { RuleBody } from '@sallyport/contract';
import type { PropagationRule } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../../http/hal.ts';
import { wireConfiguration } from '../stores/store-body.ts';

export function rulePath(environmentId: string, ruleId: string): string {
  return `${environmentPath(environmentId)}/propagation/rules/${ruleId}`;
}

export function ruleBody(rule: PropagationRule, addresses: Addresses): RuleBody {
  const environment = environmentPath(rule.environmentId);
  const path = rulePath(rule.environmentId, rule.id);
  return {
    _links: addresses.links(path, {
      environment,
      plan: `${environment}/propagation/plans/${rule.planId}`,
      mappings: `${path}/mappings`,
      runs: `${path}/runs`,
      status: `${path}/status`,
    }),
    id: rule.id,
    environment: { id: rule.environmentId },
    name: rule.name,
    ...present({ description: rule.description }),
    active: rule.active,
    plan: { id: rule.planId },
    sourceStore: { id: rule.sourceStoreId },
    targetStore: { id: rule.targetStoreId },
    ...present({ populationExpression: rule.populationExpression }),
    groups: rule.groupIds.map((id) => ({ id })),
    deprovision: rule.deprovision,
    configuration: wireConfiguration(rule.configuration),
    createdAt: timestamp(rule.createdAt),
    updatedAt: timestamp(rule.updatedAt),
  };
}
