import { Anchor } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ReactElement, ReactNode, Ref } from 'react';

interface TextAnchorProps {
  readonly ref?: Ref<HTMLAnchorElement>;
  readonly href?: string;
  readonly className?: string;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly 'aria-label'?: string;
}

function TextAnchor(props: TextAnchorProps): ReactElement {
  return <Anchor inherit {...props} />;
}

/** A link within the console. */
export const TextLink = createLink(TextAnchor);
