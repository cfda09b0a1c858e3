import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { EmptyState } from '../elements/empty-state.tsx';
import { ErrorNotice } from '../elements/error-notice.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { usePageTitle } from './use-page-title.ts';

export function NotFoundPage(): ReactElement {
  usePageTitle('Not found');
  return (
    <EmptyState title="There is no page under this address">
      <TextLink to="/rules">Go to the provisioning rules</TextLink>
    </EmptyState>
  );
}

export function PageFailed({ error, reset }: ErrorComponentProps): ReactElement {
  usePageTitle('Error');
  return <ErrorNotice error={error} onRetry={reset} />;
}
