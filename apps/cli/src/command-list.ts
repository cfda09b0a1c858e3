import type { Command } from './command/command.ts';
import { apply } from './commands/apply.ts';
import { environmentList } from './commands/environment-list.ts';
import { exportSetup } from './commands/export.ts';
import { gatewayCreate } from './commands/gateway-create.ts';
import { gatewayCredentialCreate } from './commands/gateway-credential-create.ts';
import { gatewayCredentialRevoke } from './commands/gateway-credential-revoke.ts';
import { gatewayList } from './commands/gateway-list.ts';
import { gatewaySchema } from './commands/gateway-schema.ts';
import { gatewaySearch } from './commands/gateway-search.ts';
import { gatewayShow } from './commands/gateway-show.ts';
import { gatewayTest } from './commands/gateway-test.ts';
import { groupList } from './commands/group-list.ts';
import { groupShow } from './commands/group-show.ts';
import { help } from './commands/help.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { ruleChanges } from './commands/rule-changes.ts';
import { ruleExplain } from './commands/rule-explain.ts';
import { ruleHoldDiscard } from './commands/rule-hold-discard.ts';
import { ruleHoldList } from './commands/rule-hold-list.ts';
import { ruleHoldRelease } from './commands/rule-hold-release.ts';
import { ruleList } from './commands/rule-list.ts';
import { ruleObjects } from './commands/rule-objects.ts';
import { rulePreview } from './commands/rule-preview.ts';
import { ruleRun } from './commands/rule-run.ts';
import { ruleRuns } from './commands/rule-runs.ts';
import { ruleShow } from './commands/rule-show.ts';
import { ruleStatus } from './commands/rule-status.ts';
import { status } from './commands/status.ts';
import { storeCheck } from './commands/store-check.ts';
import { userGet } from './commands/user-get.ts';
import { userList } from './commands/user-list.ts';
import { version } from './commands/version.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  login,
  logout,
  status,
  ruleList,
  ruleShow,
  ruleStatus,
  ruleRun,
  rulePreview,
  ruleExplain,
  ruleRuns,
  ruleChanges,
  ruleObjects,
  ruleHoldList,
  ruleHoldRelease,
  ruleHoldDiscard,
  gatewayList,
  gatewayShow,
  gatewayCreate,
  gatewayCredentialCreate,
  gatewayCredentialRevoke,
  gatewayTest,
  gatewaySchema,
  gatewaySearch,
  storeCheck,
  userGet,
  userList,
  groupList,
  groupShow,
  environmentList,
  apply,
  exportSetup,
  version,
  help,
];
