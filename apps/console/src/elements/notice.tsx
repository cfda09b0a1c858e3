import type { ReactElement, ReactNode } from 'react';
import classes from './tone.module.css';
import type { Tone } from './tone.ts';

/** Something the reader should know. What is bad is announced at once, the rest when there is a pause. */
export function Notice(props: {
  readonly tone: Tone;
  readonly title?: string;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <div className={classes.notice} data-tone={props.tone} role={props.tone === 'bad' ? 'alert' : 'status'}>
      {props.title === undefined ? null : <p className={classes.noticeTitle}>{props.title}</p>}
      {props.children}
    </div>
  );
}
