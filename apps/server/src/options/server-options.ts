import { isUuid, readUuid, Secret, type Uuid } from '@sallyport/model';
import {
  choiceOption,
  fileOption,
  integerOption,
  LOG_FORMATS,
  LOG_LEVELS,
  type OptionType,
  type OptionValues,
  switchOption,
  textOption,
  urlOption,
} from '@sallyport/runtime';

const secretOption: OptionType<Secret> = {
  placeholder: '<secret>',
  parse: (text) => {
    if (text.length < 16) throw new TypeError('expected at least 16 characters');
    return new Secret(text);
  },
};

const uuidOption: OptionType<Uuid> = {
  placeholder: '<uuid>',
  parse: (text) => {
    const id = readUuid(text);
    if (id === undefined || !isUuid(id))
      throw new TypeError(`expected a UUID, found ${JSON.stringify(text)}`);
    return id;
  },
};

/** Every option of the server, once. `docs/configuration.md` and `--help` are written from it. */
export const SERVER_OPTIONS = {
  host: {
    type: textOption,
    environmentVariable: 'SALLYPORT_HOST',
    flag: 'host',
    description: 'Address to listen on. A public one is refused without TLS, unless a proxy terminates it.',
    defaultValue: '127.0.0.1',
  },
  port: {
    type: integerOption(0, 65_535),
    environmentVariable: 'SALLYPORT_PORT',
    flag: 'port',
    description: 'Port to listen on; 0 takes a free one.',
    defaultValue: 8080,
  },
  tlsCertificate: {
    type: fileOption,
    environmentVariable: 'SALLYPORT_TLS_CERT',
    flag: 'tls-cert',
    description: 'PEM file with the certificate chain; then HTTPS and WSS.',
  },
  tlsKey: {
    type: fileOption,
    environmentVariable: 'SALLYPORT_TLS_KEY',
    flag: 'tls-key',
    description: 'PEM file with the private key of the certificate.',
  },
  behindProxy: {
    type: switchOption,
    environmentVariable: 'SALLYPORT_BEHIND_PROXY',
    flag: 'behind-proxy',
    description:
      'A proxy in front terminates TLS: allows a public address without TLS and believes the last address in X-Forwarded-For.',
    defaultValue: false,
  },
  publicUrl: {
    type: urlOption(['http', 'https']),
    environmentVariable: 'SALLYPORT_PUBLIC_URL',
    flag: 'public-url',
    description:
      'Address under which clients and gateways reach the server: used in links, tokens and gateway commands.',
    defaultText: 'from host and port',
  },
  databaseUrl: {
    type: textOption,
    environmentVariable: 'DATABASE_URL',
    flag: 'database-url',
    description: 'Where everything is stored: `sqlite:PATH`.',
    defaultValue: 'sqlite:data/sallyport.db',
  },
  secretKeyFile: {
    type: fileOption,
    environmentVariable: 'SALLYPORT_SECRET_KEY_FILE',
    flag: 'secret-key-file',
    description:
      'Key that seals bind passwords and other secrets at rest; made on first start with mode 0600, refused if others can read it.',
    defaultValue: 'data/secret.key',
  },
  bootstrapEnvironmentId: {
    type: uuidOption,
    environmentVariable: 'SALLYPORT_BOOTSTRAP_ENVIRONMENT_ID',
    flag: 'bootstrap-environment-id',
    description: 'Id of the environment that the first start makes.',
    defaultText: 'random, printed once',
  },
  bootstrapClientId: {
    type: uuidOption,
    environmentVariable: 'SALLYPORT_BOOTSTRAP_CLIENT_ID',
    flag: 'bootstrap-client-id',
    description: 'Client id of the administrator application that the first start makes.',
    defaultText: 'random, printed once',
  },
  bootstrapClientSecret: {
    type: secretOption,
    environmentVariable: 'SALLYPORT_BOOTSTRAP_CLIENT_SECRET',
    flag: 'bootstrap-client-secret',
    description: 'Secret of that application, at least 16 characters; one that is given is not printed.',
    defaultText: 'random, printed once',
    secret: true,
  },
  logLevel: {
    type: choiceOption(LOG_LEVELS),
    environmentVariable: 'SALLYPORT_LOG_LEVEL',
    flag: 'log-level',
    description: 'How much is logged.',
    defaultValue: 'info',
  },
  logFormat: {
    type: choiceOption(LOG_FORMATS),
    environmentVariable: 'SALLYPORT_LOG_FORMAT',
    flag: 'log-format',
    description: 'Lines for people or for machines.',
    defaultText: 'pretty on a terminal, else json',
  },
  tokenLifetimeSeconds: {
    type: integerOption(60, 86_400),
    environmentVariable: 'SALLYPORT_TOKEN_LIFETIME_SECONDS',
    flag: 'token-lifetime-seconds',
    description: 'How long an access token is valid.',
    defaultValue: 3600,
  },
  maxBodyBytes: {
    type: integerOption(1024, 100 * 1024 * 1024),
    environmentVariable: 'SALLYPORT_MAX_BODY_BYTES',
    flag: 'max-body-bytes',
    description: 'Largest request body.',
    defaultValue: 1024 * 1024,
  },
  rateLimitPerSecond: {
    type: integerOption(0, 100_000),
    environmentVariable: 'SALLYPORT_RATE_LIMIT_PER_SECOND',
    flag: 'rate-limit-per-second',
    description: 'Requests a second that one address may make on average; 0 is no limit.',
    defaultValue: 0,
  },
  metricsToken: {
    type: secretOption,
    environmentVariable: 'SALLYPORT_METRICS_TOKEN',
    flag: 'metrics-token',
    description: 'Bearer token that `/metrics` asks for; without one it answers everybody.',
    secret: true,
  },
  passwordMinLength: {
    type: integerOption(1, 128),
    environmentVariable: 'SALLYPORT_PASSWORD_MIN_LENGTH',
    flag: 'password-min-length',
    description: 'Characters that a new password of a user must have.',
    defaultValue: 8,
  },
  passwordMaxFailures: {
    type: integerOption(0, 1000),
    environmentVariable: 'SALLYPORT_PASSWORD_MAX_FAILURES',
    flag: 'password-max-failures',
    description: 'Wrong passwords in a row after which a user is locked out for a while; 0 never locks.',
    defaultValue: 5,
  },
  passwordLockSeconds: {
    type: integerOption(1, 86_400),
    environmentVariable: 'SALLYPORT_PASSWORD_LOCK_SECONDS',
    flag: 'password-lock-seconds',
    description: 'How long such a lock-out lasts.',
    defaultValue: 900,
  },
  runRetentionDays: {
    type: integerOption(0, 36_500),
    environmentVariable: 'SALLYPORT_RUN_RETENTION_DAYS',
    flag: 'run-retention-days',
    description:
      'Days after which runs and their journal are forgotten, unless they hold removals; 0 keeps them whatever their age.',
    defaultValue: 90,
  },
  runRetentionCount: {
    type: integerOption(1, 1_000_000),
    environmentVariable: 'SALLYPORT_RUN_RETENTION_COUNT',
    flag: 'run-retention-count',
    description: 'Runs of a rule that are kept at most, the newest.',
    defaultValue: 1000,
  },
  activityRetentionDays: {
    type: integerOption(0, 36_500),
    environmentVariable: 'SALLYPORT_ACTIVITY_RETENTION_DAYS',
    flag: 'activity-retention-days',
    description: 'Days after which activities are forgotten; 0 keeps them for ever.',
    defaultValue: 400,
  },
  drainSeconds: {
    type: integerOption(0, 3600),
    environmentVariable: 'SALLYPORT_DRAIN_SECONDS',
    flag: 'drain-seconds',
    description: 'How long a stop waits for running work before it is interrupted.',
    defaultValue: 30,
  },
} as const;

export type ServerOptions = OptionValues<typeof SERVER_OPTIONS>;
