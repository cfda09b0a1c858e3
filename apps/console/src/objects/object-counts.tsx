import type { ReactElement } from 'react';
import { TextLink } from '../elements/text-link.tsx';
import barClasses from '../elements/tone.module.css';
import { formatCount } from '../format/number.ts';
import classes from './object-counts.module.css';
import { type ObjectStatus, STATUS_ORDER, STATUS_WORDS } from './status-words.ts';

type Counts = Readonly<Record<ObjectStatus, number>>;

/** Shown only where there are any: most rules never have them. */
const RARE: ReadonlySet<ObjectStatus> = new Set(['REMOVED', 'KEPT']);

/** How many objects are in which state; each number opens its objects. */
export function ObjectCounts(props: {
  readonly ruleId: string;
  readonly type: 'user' | 'group';
  readonly counts: Counts;
}): ReactElement {
  const { ruleId, type, counts } = props;
  return (
    <div>
      <CountBar counts={counts} />
      <ul className={classes.list}>
        {STATUS_ORDER.filter((status) => counts[status] > 0 || !RARE.has(status)).map((status) => (
          <li key={status} data-zero={counts[status] === 0}>
            <TextLink
              to="/rules/$ruleId/objects"
              params={{ ruleId }}
              search={{ status, type }}
              title={STATUS_WORDS[status].meaning}
            >
              <span className={classes.number}>{formatCount(counts[status])}</span>{' '}
              <span className={classes.label}>{STATUS_WORDS[status].label}</span>
            </TextLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The same as a bar. For the eye alone: the numbers beside it say it in words. */
export function CountBar(props: { readonly counts: Counts }): ReactElement {
  const total = STATUS_ORDER.reduce((sum, status) => sum + props.counts[status], 0);
  return (
    <div className={classes.bar} aria-hidden="true">
      {STATUS_ORDER.filter((status) => props.counts[status] > 0).map((status) => (
        <span
          key={status}
          className={barClasses.bar}
          data-tone={STATUS_WORDS[status].tone}
          style={{ width: `${(100 * props.counts[status]) / total}%`, minWidth: 4 }}
        />
      ))}
    </div>
  );
}
