import type { ReactElement, ReactNode } from 'react';
import classes from './panel.module.css';

/** A surface on the page. With a title it is a region that assistive technology can list. */
export function Panel(props: {
  readonly title?: string;
  readonly actions?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const { title, actions, className, children } = props;
  const names = [classes.panel, className].filter(Boolean).join(' ');
  if (title === undefined) return <div className={names}>{children}</div>;
  return (
    <section className={names} aria-label={title}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
