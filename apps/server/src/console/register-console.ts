import { CodedError } from '@sallyport/model';
import type { FastifyInstance } from 'fastify';
import type { ConsoleFile } from './console-files.ts';

/** Addresses that belong to programs: what is missing there is an error, not a page of the console. */
const FOR_PROGRAMS = /^\/(?:v1|scim|gateway)(?:\/|$)|\/as\//;

// Scripts and everything else come from here alone. Styles may be inline: the component library sets them on elements.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Serves the console at `/`. Paths it makes up in the browser get its first page, so that they can be reloaded. */
export function registerConsole(server: FastifyInstance, files: ReadonlyMap<string, ConsoleFile>): void {
  const first = files.get('/index.html');
  server.get('/*', (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    // A browser that opens a page asks for HTML; a program that mistyped an address does not.
    const isPage = request.headers.accept?.includes('text/html') === true;
    const isMadeUp = isPage && !FOR_PROGRAMS.test(path) && !/\.\w+$/.test(path);
    const file = files.get(path === '/' ? '/index.html' : path) ?? (isMadeUp ? first : undefined);
    if (file === undefined) throw new CodedError('NOT_FOUND', 'There is nothing under this address');
    return reply
      .type(file.mediaType)
      .header('content-security-policy', POLICY)
      .header('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      .send(file.content);
  });
}
