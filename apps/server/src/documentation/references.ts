import { listOperations } from '@sallyport/contract';
import { errorReference } from '@sallyport/model';
import { type MetricDefinition, metricName, optionReference } from '@sallyport/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { SERVER_METRICS } from '../metrics/server-metrics.ts';
import { SERVER_OPTIONS } from '../options/server-options.ts';

const EXIT_MEANING: Readonly<Record<keyof typeof EXIT_CODE, string>> = {
  done: 'Stopped as asked; everything running was finished.',
  failed: 'Something nobody foresaw; the log has it.',
  badSettings: 'Options that cannot be used; standard error lists every one.',
  badStorage: 'The key file or the database cannot be used; the log has the code.',
  cannotListen: 'The address is taken, or not ours to listen on.',
  interrupted: 'Stopped before everything had ended well; the next start goes on from what was committed.',
};

/** Pages that are written from the program, by their path below `docs`. A test keeps the files equal to them. */
export function writtenReferences(): Readonly<Record<string, string>> {
  return {
    'errors.md': errorReference(),
    'configuration.md': configurationReference(),
    'api.md': apiReference(),
  };
}

function configurationReference(): string {
  const exits = Object.entries(EXIT_CODE).map(
    ([name, code]) =>
      `| ${code} | ${EXIT_MEANING[name in EXIT_MEANING ? (name as keyof typeof EXIT_CODE) : 'failed']} |`,
  );
  const metrics = Object.entries(SERVER_METRICS).map(
    ([key, definition]) =>
      `| \`${metricName('sallyport', key, definition)}\` | ${definition.kind} | ${labelsOf(definition)} | ${definition.description} |`,
  );
  return [
    '# Configuration of the server',
    '',
    'Written from `apps/server/src/options/server-options.ts`; change it there.',
    '',
    'Options come from a file (`--config FILE` or `SALLYPORT_CONFIG`; lines `NAME=value` with the names below), from the',
    'environment and from flags; the later beats the earlier. Everything wrong is listed at once, and nothing is started.',
    '',
    optionReference(SERVER_OPTIONS),
    '## The first start',
    '',
    'makes the database, the key file, an environment called *Administrators* and an application with every role in every',
    'environment. Address, environment id, client id and secret are printed on standard output, once; the log goes to standard',
    'error and never has them. Give them as options to know them beforehand; a given secret is not printed.',
    '',
    'Keep the key file with the backups of the database, but not in the same place: who has both has the bind passwords.',
    '',
    '## Stopping',
    '',
    'SIGTERM and SIGINT drain: no run begins, batches in flight commit, gateways are told to go elsewhere, open requests are',
    'answered. After `SALLYPORT_DRAIN_SECONDS`, or with a second signal, what is left is cut; the next start goes on from the',
    'committed position.',
    '',
    '| exit code | meaning |',
    '|---|---|',
    ...exits,
    '',
    '## Probes and metrics',
    '',
    '`/healthz` answers while the process lives, `/readyz` while it should get requests (503 while draining or without database),',
    '`/metrics` in the format of Prometheus, with the metrics of the process beside these:',
    '',
    '| metric | kind | labels | meaning |',
    '|---|---|---|---|',
    ...metrics,
    '',
    'Values of labels are few: `route` is an address pattern, `rule` and `gateway` are ids. The first 200 rules (and gateways) by id have',
    'series of their own; all others share `rule="other"`, where counts are summed and of ages the oldest is shown. So a rule costs 24',
    'series and an installation 6,000 at most. [status.md](status.md) says what to alert on.',
    '',
  ].join('\n');
}

function labelsOf(definition: MetricDefinition): string {
  const labels = Object.keys(definition.labels ?? {});
  return labels.length === 0 ? '–' : labels.map((label) => `\`${label}\``).join(', ');
}

function apiReference(): string {
  const groups = Map.groupBy(listOperations(), ({ group }) => group);
  const sections = [...groups].flatMap(([group, operations]) => [
    `## ${group}`,
    '',
    '| operation | request | roles | |',
    '|---|---|---|---|',
    ...operations.map(({ id, operation }) => {
      const media =
        operation.mediaTypes === undefined
          ? ''
          : ` (${operation.mediaTypes.map((type) => `\`${type}\``).join(', ')})`;
      const path = operation.path.replace('/v1/environments/{environmentId}', 'E');
      return `| \`${id}\` | \`${operation.method} ${path}\`${media} | ${operation.roles.join(', ')} | ${operation.summary} |`;
    }),
    '',
  ]);
  return [...API_INTRODUCTION, ...sections].join('\n');
}

const API_INTRODUCTION: readonly string[] = [
  '# The REST API',
  '',
  'The tables are written from the operations in `packages/contract/src/rest`; change them there. Shapes of requests and answers',
  'are in `/v1/openapi.json` of a running server, and for reading at `/docs`. `E` stands for `/v1/environments/{environmentId}`.',
  '',
  'The shapes are those of the PingOne Platform API v1, so that clients written for it work unchanged. What that API has no',
  'public shape for (runs, changes, explain, status, a look at the directory, evaluating expressions) is ours, in the same style.',
  '',
  '## Conventions',
  '',
  '- **Tokens**: `POST /{environmentId}/as/token` with `grant_type=client_credentials`, client id and secret by HTTP Basic or in',
  '  the body; then `Authorization: Bearer …`. Keys to check tokens with are at `GET /{environmentId}/as/jwks`. A token ends with',
  '  its application, and roles are read anew for each request.',
  '- **Roles** count in one environment or in all. In an environment where the caller has none, everything is 404. Nobody can',
  '  hand out a role they do not have.',
  '- **Bodies** are JSON. Unknown and read-only properties are ignored, so a client may PUT back what it read. PUT clears what is',
  '  left out; PATCH keeps it, and clears what is `null`. An action on a resource is a POST with a media type of its own.',
  '- **Answers** are `application/json`, or `application/hal+json` if the header `Accept` prefers it, with absolute `_links`.',
  '- **Lists** come in pages: `limit` (up to 1,000; more is lowered), `_links.next` while there is more, `count` of all.',
  '- **Filters** (`filter=`) are SCIM filters, keywords and attribute names in any case.',
  '- **Activities** (`E/activities`) are every administrative action, refused ones too, and the end of every recorded run, with actor,',
  '  resource and result; the resource of what is done to a run is its rule. Filter: `recordedAt gt|ge|lt|le "…"`, `resources.id eq`,',
  '  `resources.type eq`, `actors.client.id eq`, `action.type eq`, joined by `and`.',
  '- **Errors** list every fault at once: see [errors.md](errors.md).',
  '- `X-Ping-External-Transaction-ID` and `X-Ping-External-Session-ID` are cleaned, logged and sent back; without them ids are made.',
  '',
  '## From nothing to a running rule',
  '',
  '```sh',
  'S=http://127.0.0.1:8080; E=<environment id>',
  'TOKEN=$(curl -s -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials $S/$E/as/token | jq -r .access_token)',
  'MEDIA=application/json',
  'api() { curl -s -X "$1" -H "Authorization: Bearer $TOKEN" -H "Content-Type: $MEDIA" -d "$3" "$S/v1/environments/$E/$2"; }',
  'GATEWAY=$(api POST gateways \'{"name":"AD","type":"LDAP","enabled":true,"vendor":"Microsoft Active Directory","serversHostAndPort":["dc1.corp.example:636"],"connectionSecurity":"TLS","bindDN":"CN=svc,OU=Svc,DC=corp,DC=example","bindPassword":"…"}\' | jq -r .id)',
  'api POST gateways/$GATEWAY/credentials | jq -r .credential      # start a gateway with it',
  'api POST propagation/plans \'{"name":"Provisioning"}\'',
  'SOURCE=$(api POST propagation/stores \'{"name":"AD","type":"LdapGateway","configuration":{"GATEWAY_ID":"\'$GATEWAY\'"}}\' | jq -r .id)',
  'TARGET=$(api POST propagation/stores \'{"name":"People","type":"PingOne","configuration":{"REMOVE_ACTION":"Disable"}}\' | jq -r .id)',
  'MEDIA=application/vnd.pingidentity.connection.check+json api POST propagation/stores/connection/status \'{"type":"LdapGateway","configuration":{"GATEWAY_ID":"\'$GATEWAY\'"}}\'',
  'RULE=$(api POST propagation/rules \'{"name":"Staff","sourceStore":{"id":"\'$SOURCE\'"},"targetStore":{"id":"\'$TARGET\'"},"configuration":{"USERS_BASE_DN":"OU=Staff,DC=corp,DC=example"}}\' | jq -r .id)',
  'api POST propagation/rules/$RULE/runs \'{"type":"preview"}\'      # writes nothing',
  'api PUT propagation/rules/$RULE \'{"name":"Staff","active":true,"configuration":{"USERS_BASE_DN":"OU=Staff,DC=corp,DC=example"}}\'',
  'api POST propagation/revisions                                  # now it runs',
  'api GET propagation/rules/$RULE/status',
  '```',
  '',
  '## Passwords of users',
  '',
  'All calls go to `E/users/{userId}/password` and are told apart by method and media type. No answer ever holds a password or its hash.',
  '',
  '- **Status**: `NO_PASSWORD`, `OK`, `MUST_CHANGE_PASSWORD` (`forceChange`, or a default password), `PASSWORD_LOCKED_OUT` with',
  '  `secondsUntilUnlock`, `EXTERNAL` with the `external.gateway` whose directory checks it.',
  '- **Setting** (`set`, `setValue`, `password.value` of a new or imported user): clear text of `SALLYPORT_PASSWORD_MIN_LENGTH` to 255',
  '  characters that is not the username, unless `bypassPolicy`; or a hash in `{SSHA}`, `{SSHA256}`, `{SSHA384}`, `{SSHA512}`, which is',
  '  replaced by a better one when it is first used. Other encodings of PingOne are refused. `set` without `external.gateway` ends a link to',
  '  a directory, `setValue` leaves it alone, and without a value takes the password away.',
  '- **Checking** (`check`, `{"password":"…"}`): 200 with the status if it is the right one; `MUST_CHANGE_PASSWORD` has to be followed by',
  '  `reset` (`{"currentPassword":"…","newPassword":"…"}`). Otherwise 400: `INVALID_VALUE` for `password` (with `attemptsRemaining`),',
  '  `NO_PASSWORD`, `ACCOUNT_NOT_USABLE`, `PASSWORD_LOCKED_OUT`. What a directory answers is in [sync.md](sync.md#signing-on-through-the-directory).',
  '- **Locking**: after `SALLYPORT_PASSWORD_MAX_FAILURES` wrong ones in a row none is looked at for `SALLYPORT_PASSWORD_LOCK_SECONDS`.',
  '  `unlock` of the password or of the account ends it.',
  '- There is no `recover`: it needs codes that somebody delivers, and Sallyport sends no messages. An administrator sets a new one.',
  '',
];
