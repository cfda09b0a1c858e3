import { operation } from '../operation.ts';
import { WHO } from '../role.ts';
import { filterQuery } from '../shape/common.ts';
import { population, populationInput, populations } from '../shape/population.ts';

export const populationOperations = {
  list: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/populations',
    summary: 'Lists populations.',
    roles: WHO.populationRead,
    query: filterQuery,
    response: populations,
    status: 200,
  }),
  create: operation({
    method: 'POST',
    path: '/v1/environments/{environmentId}/populations',
    summary: 'Makes a population.',
    roles: WHO.populationWrite,
    body: populationInput,
    response: population,
    status: 201,
  }),
  read: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/populations/{populationId}',
    summary: 'Reads a population.',
    roles: WHO.populationRead,
    response: population,
    status: 200,
  }),
  replace: operation({
    method: 'PUT',
    path: '/v1/environments/{environmentId}/populations/{populationId}',
    summary: 'Replaces a population; `default: true` takes the mark from the one that had it.',
    roles: WHO.populationWrite,
    body: populationInput,
    response: population,
    status: 200,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/v1/environments/{environmentId}/populations/{populationId}',
    summary: 'Deletes a population that holds nobody and is not the default.',
    roles: WHO.populationWrite,
    status: 204,
  }),
} as const;
