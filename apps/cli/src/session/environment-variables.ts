/** Variables the program reads, with what they mean; the reference is made from this. */
export const ENVIRONMENT_VARIABLES = {
  SALLYPORT_SERVER_URL: 'Where the server is.',
  SALLYPORT_ENVIRONMENT_ID: 'The environment to work in.',
  SALLYPORT_CLIENT_ID: 'Client id of the worker application.',
  SALLYPORT_CLIENT_SECRET: 'Its secret.',
  SALLYPORT_PROFILE: 'Which kept sign-in to use; default `default`.',
  SALLYPORT_CA_FILE: "PEM file of an authority to trust besides the system's.",
  SALLYPORT_BIND_PASSWORD: 'Bind password for `gateway create`.',
  NO_COLOR: 'Set to anything: no colour.',
} as const;
