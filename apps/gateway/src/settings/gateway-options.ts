import {
  choiceOption,
  fileOption,
  integerOption,
  LOG_FORMATS,
  LOG_LEVELS,
  switchOption,
  textOption,
  urlOption,
} from '@sallyport/runtime';

/** Every option of the gateway, defined once; `--help` and the documentation come from here. */
export const gatewayOptions = {
  serverUrl: {
    type: urlOption(['https', 'wss', 'http', 'ws']),
    environmentVariable: 'SALLYPORT_SERVER_URL',
    flag: 'server-url',
    description:
      'Address of the Sallyport server, e.g. https://sallyport.example. Without TLS only on loopback.',
  },
  credential: {
    type: textOption,
    environmentVariable: 'SALLYPORT_GATEWAY_CREDENTIAL',
    flag: 'credential',
    description:
      'The gateway credential, shown once when it was made. Others on the machine can see flags: prefer the file.',
    secret: true,
  },
  credentialFile: {
    type: fileOption,
    environmentVariable: 'SALLYPORT_GATEWAY_CREDENTIAL_FILE',
    flag: 'credential-file',
    description: 'A file that holds the gateway credential and nothing else.',
  },
  limitsFile: {
    type: fileOption,
    environmentVariable: 'SALLYPORT_GATEWAY_LIMITS',
    flag: 'limits',
    description: 'A JSON file that says what the server may ask of this gateway; see docs/gateway.md.',
  },
  httpsProxy: {
    type: urlOption(['http', 'https']),
    environmentVariable: 'HTTPS_PROXY',
    flag: 'https-proxy',
    description:
      'Forward proxy for the connection to the server, e.g. http://user:password@proxy.example:3128 (Basic).',
    secret: true,
  },
  noProxy: {
    type: textOption,
    environmentVariable: 'NO_PROXY',
    flag: 'no-proxy',
    description:
      'Hosts reached without the proxy, separated by commas: names, .domains, addresses, each with an optional :port; or *.',
  },
  caFile: {
    type: fileOption,
    environmentVariable: 'SALLYPORT_CA_FILE',
    flag: 'ca-file',
    description: "PEM certificates trusted for the server, the proxy and the directory besides the system's.",
  },
  allowInsecureServer: {
    type: switchOption,
    environmentVariable: 'SALLYPORT_ALLOW_INSECURE_SERVER',
    flag: 'allow-insecure-server',
    description:
      'Allows a server address without TLS that is not on loopback. Credential and passwords then travel in the clear.',
    defaultValue: false,
  },
  drainSeconds: {
    type: integerOption(0, 3_600),
    environmentVariable: 'SALLYPORT_DRAIN_SECONDS',
    flag: 'drain-seconds',
    description: 'How long operations in flight may take to finish when the gateway is asked to stop.',
    defaultValue: 25,
  },
  logLevel: {
    type: choiceOption(LOG_LEVELS),
    environmentVariable: 'SALLYPORT_LOG_LEVEL',
    flag: 'log-level',
    description: 'How much the log says.',
    defaultValue: 'info',
  },
  logFormat: {
    type: choiceOption(LOG_FORMATS),
    environmentVariable: 'SALLYPORT_LOG_FORMAT',
    flag: 'log-format',
    description: 'Log lines for people or for programs.',
    defaultText: 'pretty on a terminal, else json',
  },
} as const;
