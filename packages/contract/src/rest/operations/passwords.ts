import { MEDIA_TYPE } from '../media-type.ts';
import { operation } from '../operation.ts';
import { WHO } from '../role.ts';
import { empty } from '../shape/common.ts';
import {
  passwordCheckInput,
  passwordGatewayInput,
  passwordResetInput,
  passwordSetInput,
  passwordSetValueInput,
  passwordState,
} from '../shape/password.ts';

const path = '/v1/environments/{environmentId}/users/{userId}/password';

/** The password of a user: its state is read, its value only ever written or checked. */
export const passwordOperations = {
  read: operation({
    method: 'GET',
    path,
    summary: "Reads the state of the user's password, never the password.",
    roles: WHO.identityRead,
    response: passwordState,
    status: 200,
  }),
  set: operation({
    method: 'PUT',
    path,
    summary: 'Sets the password, and with `external.gateway` who checks it from now on.',
    roles: WHO.identityWrite,
    body: passwordSetInput,
    mediaTypes: [MEDIA_TYPE.passwordSet],
    response: passwordState,
    status: 200,
  }),
  setValue: operation({
    method: 'PUT',
    path,
    summary: 'Sets the password and leaves its gateway alone; without a value takes the password away.',
    roles: WHO.identityWrite,
    body: passwordSetValueInput,
    mediaTypes: [MEDIA_TYPE.passwordSetValue],
    response: passwordState,
    status: 200,
  }),
  setGateway: operation({
    method: 'PUT',
    path,
    summary: 'Lets the directory behind a gateway check the password.',
    roles: WHO.identityWrite,
    body: passwordGatewayInput,
    mediaTypes: [MEDIA_TYPE.passwordSetGateway],
    response: passwordState,
    status: 200,
  }),
  reset: operation({
    method: 'PUT',
    path,
    summary: 'Replaces the password by whoever knows the current one.',
    roles: WHO.identityWrite,
    body: passwordResetInput,
    mediaTypes: [MEDIA_TYPE.passwordReset],
    response: passwordState,
    status: 200,
  }),
  check: operation({
    method: 'POST',
    path,
    summary: 'Checks a password: here, or by a sign-on at the directory that the user is linked to.',
    roles: WHO.identityWrite,
    body: passwordCheckInput,
    mediaTypes: [MEDIA_TYPE.passwordCheck],
    response: passwordState,
    status: 200,
    readOnly: true,
  }),
  forceChange: operation({
    method: 'POST',
    path,
    summary: 'Makes the user choose another password at the next sign-on.',
    roles: WHO.identityWrite,
    body: empty,
    mediaTypes: [MEDIA_TYPE.passwordForceChange],
    response: passwordState,
    status: 200,
  }),
  unlock: operation({
    method: 'POST',
    path,
    summary: 'Ends a lock-out after wrong passwords.',
    roles: WHO.identityWrite,
    body: empty,
    mediaTypes: [MEDIA_TYPE.passwordUnlock],
    response: passwordState,
    status: 200,
  }),
} as const;
