import { createRouter } from '@tanstack/react-router';
import { environmentBase } from '../session/environment-path.ts';
import { NotFoundPage, PageFailed } from './page-states.tsx';
import { routeTree } from './routes.ts';

export function makeConsoleRouter(environmentId: string) {
  return createRouter({
    routeTree,
    basepath: environmentBase(environmentId),
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: PageFailed,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeConsoleRouter>;
  }
}
