import type { ReactElement, ReactNode } from 'react';
import classes from './empty-state.module.css';

/** A list without members: says so, and what to do about it. */
export function EmptyState(props: { readonly title: string; readonly children?: ReactNode }): ReactElement {
  return (
    <div className={classes.empty}>
      <p className={classes.title}>{props.title}</p>
      {props.children}
    </div>
  );
}
