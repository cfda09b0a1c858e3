import { operation } from '../operation.ts';
import { WHO } from '../role.ts';
import { activities, activityQuery } from '../shape/activity.ts';
import { evaluateInput, evaluateResult } from '../shape/expression.ts';

export const activityOperations = {
  list: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/activities',
    summary:
      'Lists what was done by whom and how it went, newest first. Filter by time, resource, actor, action.',
    roles: WHO.configurationRead,
    query: activityQuery,
    response: activities,
    status: 200,
  }),
} as const;

export const expressionOperations = {
  evaluate: operation({
    method: 'POST',
    path: '/v1/environments/{environmentId}/expressions/evaluate',
    summary:
      'Evaluates an expression over given data; with the role Environment Admin also over a real object of a rule.',
    roles: WHO.configurationRead,
    body: evaluateInput,
    response: evaluateResult,
    status: 200,
    readOnly: true,
  }),
} as const;
