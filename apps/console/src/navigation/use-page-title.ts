import { useEffect } from 'react';

/** Names the window after the page: in the history, in bookmarks, and for screen readers when the page changes. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Sallyport`;
  }, [title]);
}
