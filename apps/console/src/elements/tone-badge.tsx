import type { ReactElement } from 'react';
import classes from './tone.module.css';
import type { Tone } from './tone.ts';

export function ToneBadge(props: { readonly tone: Tone; readonly children: string }): ReactElement {
  return (
    <span className={classes.badge} data-tone={props.tone}>
      {props.children}
    </span>
  );
}
