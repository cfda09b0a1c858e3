import { type CatalogueEntry, entry, failed, outside, refused } from './catalogue-entry.ts';

/** Codes of gateways, stores, rules and what happens in runs. The last ones stand on runs and objects, hardly in answers. */
export const PROVISIONING_CODES = {
  UNKNOWN_STORE_TYPE: refused(
    'The store type cannot be synchronised.',
    'Use LdapGateway, PingOne or directory.',
  ),
  GATEWAY_MIGRATES_USERS: refused(
    'A user type of the gateway makes users at their first sign-on (newUserLookup); that and provisioning exclude each other.',
    'Take newUserLookup off the user type, or use another gateway.',
  ),
  PLAN_EXISTS: failed('The environment has a plan already.', 'Use the existing plan; the message names it.'),
  INVALID_DN: refused(
    'A distinguished name cannot be read.',
    'Write it as in RFC 4514, for example OU=Staff,DC=corp,DC=example.',
  ),
  DN_OUTSIDE_BASE: outside(
    'DN_EXPRESSION leads to a place that is not below BASE_DN.',
    'End the expression with BASE_DN or PARENT_DN.',
  ),
  INVALID_LDAP_FILTER: refused(
    'An LDAP filter cannot be read.',
    'Write it as in RFC 4515, for example (&(objectClass=user)(department=Sales)).',
  ),
  INVALID_EXPRESSION: refused(
    'An expression cannot be read or can never be evaluated.',
    'Correct it at the character the message names.',
  ),
  CONFIGURATION_INVALID: refused(
    'Settings of a rule or store cannot be used; `details` names each.',
    'Correct every key named in `details`.',
  ),
  INVALID_CONFIGURATION: refused(
    'Settings of a rule or its stores cannot be used; `details` names each.',
    'Correct every key named in `details` and make a revision.',
  ),
  INVALID_MAPPINGS: refused(
    'Mappings of a rule cannot be used; `details` names each.',
    'Correct every mapping named in `details` and make a revision.',
  ),
  UNKNOWN_TARGET_ATTRIBUTE: refused(
    'A mapping writes an attribute that the target does not have.',
    'Use an attribute of the target, or add a custom one first.',
  ),
  ATTRIBUTE_MAPPED_TWICE: refused('Two mappings of a rule write one attribute.', 'Remove one of them.'),
  MATCHING_ATTRIBUTE_NOT_MAPPED: refused(
    'The attribute by which objects find each other is not mapped.',
    'Map it, or choose another MATCHING_ATTRIBUTE.',
  ),
  RULE_NOT_READY: refused(
    'A rule cannot be active without what the details name.',
    'Add what is missing, then activate the rule.',
  ),
  RULE_NOT_FOUND: entry(
    404,
    'NOT_FOUND',
    true,
    'The newest revision does not have this rule.',
    'Make a revision after creating or changing a rule.',
  ),
  RUN_NOT_FOUND: entry(404, 'NOT_FOUND', true, 'There is no such run.', 'List the runs of the rule.'),
  STOPPING: entry(503, 'REQUEST_FAILED', true, 'The server is stopping.', 'Ask again when it is back.'),
  OBJECT_TYPE_UNSUPPORTED: refused(
    'The target does not take objects of this type.',
    'Take the mappings of that type off the rule.',
  ),
  RULE_NOT_ACTIVE: failed('The rule is not in effect.', 'Activate it and make a revision.'),
  GATEWAY_DISABLED: failed('The gateway is disabled.', 'Enable the gateway.'),
  BASE_DN_REQUIRED: failed(
    'The directory names no place to look at.',
    'Send baseDn, or allow the account to read the root DSE.',
  ),
  NOTHING_HELD: failed(
    'No removals of this rule are held.',
    'List the runs of the rule and use the one that is held.',
  ),
  HELD_LIST_REPLACED: failed(
    'Nothing that this run held waits any more, but what a newer run held does.',
    'Look at the list of the newest held run and decide on that.',
  ),
  // On runs.
  TARGET_ANSWER_INCOMPLETE: outside(
    'A target answered fewer results than it was sent writes.',
    'What is missing is settled by the next run.',
  ),
  REMOVALS_HELD: entry(
    400,
    'REQUEST_FAILED',
    false,
    'A run would remove more objects than the guard allows.',
    'Look at the list of the run, then release or discard it; raise MAX_REMOVALS if this is usual.',
  ),
  EMPTY_READ: outside(
    'A full read found nothing where there were objects before: nothing is removed.',
    'Check base DN, filter and rights of the account.',
  ),
  SOURCE_MOVED_ON: outside(
    'An OU moved again while a run looked at what had moved with it.',
    'Nothing: the next try, which follows at once, looks where it is then.',
  ),
  BASE_MISSING: outside(
    'A search base that was there before could not be read: nothing is removed.',
    'Restore the base or correct the rule.',
  ),
  LEASE_LOST: outside(
    'Another process has taken over this rule.',
    'Nothing: the other process goes on from the committed position.',
  ),
  // On objects of a run.
  EMPTY_KEY: entry(
    400,
    'REQUEST_FAILED',
    false,
    'The source sent an object without its lasting key.',
    'Allow the account to read objectGUID or entryUUID.',
  ),
  DUPLICATE_KEY: entry(
    400,
    'REQUEST_FAILED',
    false,
    'The source sent two objects with one key.',
    'Look at both objects in the directory.',
  ),
  EMPTY_MATCHING_VALUE: outside(
    'The object has no value for the attribute by which it would be found at the target.',
    'Give the object a value in the directory, or map another attribute.',
  ),
  DUPLICATE_MATCHING_VALUE: outside(
    'Two objects of the source give the same matching value.',
    'Change one of them in the directory; the message names both.',
  ),
  SEVERAL_MATCHES: outside(
    'Several objects of the target match; none is written.',
    'Make the matching value of one of them different; the message names them.',
  ),
  MATCH_LINKED_ELSEWHERE: outside(
    'The matching object of the target belongs to another object of the source.',
    'Look at both; the message names them.',
  ),
  MATCH_OWNED_BY_OTHER_RULE: outside(
    'The matching object of the target belongs to another rule.',
    'Narrow the scope of one of the two rules, so that each object has one rule; the message names the other.',
  ),
  OBJECT_IS_USER_AND_GROUP: outside(
    'The object classes of an entry say that it is a person and a group.',
    'Take the wrong class away in the directory, or leave the entry out by the filter.',
  ),
  GROUP_MEMBERS_UNREADABLE: outside(
    'The members of a group are found by a search that cannot be made.',
    'Correct the memberURL that the message names.',
  ),
  NOT_MAPPED: outside('The object could not be mapped.', 'Explain the object to see which mapping failed.'),
  TOO_MANY_VALUES: outside(
    'A value list is longer than what receives it, or than the language allows.',
    'Choose one value in an expression.',
  ),
  POPULATION_NOT_FOUND: outside(
    'The population for a new user does not exist.',
    'Make the population, or correct POPULATION_ID or POPULATION_EXPRESSION and make a revision.',
  ),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
