import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { ruleQuery, ruleStatusQuery } from '../api/rule-queries.ts';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { RuleEnds } from './rule-ends.tsx';
import classes from './rule-page.module.css';
import { RunButtons } from './run-buttons.tsx';
import { STATE_WORDS } from './state-words.ts';

const route = getRouteApi('/rules/$ruleId');

/** The head that the pages of one rule share. */
export function RulePage(): ReactElement {
  const { ruleId } = route.useParams();
  const api = useApi();
  const rule = useQuery(ruleQuery(api, ruleId));
  const status = useQuery(ruleStatusQuery(api, ruleId));
  if (rule.data === undefined) return <QueryState query={rule} what="the rule" />;
  const words = status.data === undefined ? undefined : STATE_WORDS[status.data.state];
  return (
    <>
      <PageHead
        above={<TextLink to="/rules">Provisioning rules</TextLink>}
        title={rule.data.name}
        badge={words === undefined ? null : <ToneBadge tone={words.tone}>{words.label}</ToneBadge>}
        description={
          <>
            {status.data === undefined
              ? null
              : status.data.direction === 'INBOUND'
                ? 'Inbound · '
                : 'Outbound · '}
            <RuleEnds rule={rule.data} />
          </>
        }
        actions={<RunButtons ruleId={ruleId} status={status.data} />}
      />
      <nav aria-label="Rule" className={classes.tabs}>
        <Link
          to="/rules/$ruleId"
          params={{ ruleId }}
          activeOptions={{ exact: true, includeSearch: false }}
          className={classes.tab}
        >
          Overview
        </Link>
        <Link
          to="/rules/$ruleId/objects"
          params={{ ruleId }}
          activeOptions={{ includeSearch: false }}
          className={classes.tab}
        >
          Objects
        </Link>
        <Link
          to="/rules/$ruleId/explain"
          params={{ ruleId }}
          activeOptions={{ includeSearch: false }}
          className={classes.tab}
        >
          Explain one object
        </Link>
      </nav>
      <Outlet />
    </>
  );
}
