/** Media types of the API. Actions on a resource are told apart by the media type of their body alone. */
export const MEDIA_TYPE = {
  json: 'application/json',
  hal: 'application/hal+json',
  form: 'application/x-www-form-urlencoded',
  userImport: 'application/vnd.pingidentity.user.import+json',
  accountLock: 'application/vnd.pingidentity.account.lock+json',
  accountUnlock: 'application/vnd.pingidentity.account.unlock+json',
  passwordSet: 'application/vnd.pingidentity.password.set+json',
  passwordSetValue: 'application/vnd.pingidentity.password.setValue+json',
  passwordSetGateway: 'application/vnd.pingidentity.password.setGateway+json',
  passwordReset: 'application/vnd.pingidentity.password.reset+json',
  passwordCheck: 'application/vnd.pingidentity.password.check+json',
  passwordForceChange: 'application/vnd.pingidentity.password.forceChange+json',
  passwordUnlock: 'application/vnd.pingidentity.password.unlock+json',
  connectionCheck: 'application/vnd.pingidentity.connection.check+json',
} as const;
