import { operation } from '../operation.ts';
import { WHO } from '../role.ts';
import {
  application,
  applicationInput,
  applicationSecret,
  applications,
  newApplication,
} from '../shape/application.ts';
import { empty, pageQuery } from '../shape/common.ts';

export const applicationOperations = {
  list: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/applications',
    summary: 'Lists worker applications.',
    roles: WHO.applicationRead,
    query: pageQuery,
    response: applications,
    status: 200,
  }),
  create: operation({
    method: 'POST',
    path: '/v1/environments/{environmentId}/applications',
    summary: 'Makes a worker application. Its secret is answered this once.',
    roles: WHO.applicationWrite,
    body: applicationInput,
    response: newApplication,
    status: 201,
  }),
  read: operation({
    method: 'GET',
    path: '/v1/environments/{environmentId}/applications/{applicationId}',
    summary: 'Reads a worker application.',
    roles: WHO.applicationRead,
    response: application,
    status: 200,
  }),
  replace: operation({
    method: 'PUT',
    path: '/v1/environments/{environmentId}/applications/{applicationId}',
    summary: 'Replaces name, roles and state.',
    roles: WHO.applicationWrite,
    body: applicationInput,
    response: application,
    status: 200,
  }),
  remove: operation({
    method: 'DELETE',
    path: '/v1/environments/{environmentId}/applications/{applicationId}',
    summary: 'Deletes an application; its tokens stop working at once.',
    roles: WHO.applicationWrite,
    status: 204,
  }),
  rotateSecret: operation({
    method: 'POST',
    path: '/v1/environments/{environmentId}/applications/{applicationId}/secret',
    summary: 'Makes a new secret, answered this once; the old one stops working.',
    roles: WHO.applicationWrite,
    body: empty,
    response: applicationSecret,
    status: 200,
  }),
} as const;
