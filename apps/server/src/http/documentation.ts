import { listOperations, makeOpenApi, type NamedOperation } from '@sallyport/contract';
import type { FastifyInstance } from 'fastify';

/** `/v1/openapi.json`, and the same for people at `/docs`. Nothing on the page comes from elsewhere. */
export function registerDocumentation(
  server: FastifyInstance,
  publicUrl: () => string,
  version: string,
): void {
  server.get('/v1/openapi.json', (_request, reply) =>
    reply.type('application/json').send(makeOpenApi(publicUrl(), version)),
  );
  server.get('/docs', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      )
      .send(documentationPage(publicUrl(), version)),
  );
}

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
article{margin:1rem 0}code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
.method{display:inline-block;min-width:4.5em;font-weight:700}
p{margin:.2rem 0}.roles{opacity:.7;font-size:.9em}nav a{margin-right:1em}`;

function documentationPage(publicUrl: string, version: string): string {
  const groups = Map.groupBy(listOperations(), ({ group }) => group);
  const links = [...groups.keys()].map((group) => `<a href="#${group}">${group}</a>`).join(' ');
  const sections = [...groups].map(
    ([group, operations]) =>
      `<section id="${group}"><h2>${group}</h2>${operations.map(article).join('')}</section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sallyport API</title><style>${STYLE}</style></head><body><h1>Sallyport API ${escapeHtml(version)}</h1>
<p>Base address <code>${escapeHtml(publicUrl)}</code>. Get a token with <code>POST /{environmentId}/as/token</code>
(client_credentials), send it as <code>Authorization: Bearer …</code>. Shapes of requests and answers are in
<a href="/v1/openapi.json">openapi.json</a>.</p><nav>${links}</nav>${sections.join('')}</body></html>`;
}

function article({ id, operation }: NamedOperation): string {
  const types =
    operation.mediaTypes === undefined
      ? ''
      : `<p>Body: <code>${operation.mediaTypes.map(escapeHtml).join(', ')}</code></p>`;
  return `<article id="${id}"><p><span class="method">${operation.method}</span> <code>${escapeHtml(operation.path)}</code></p>
<p>${escapeHtml(operation.summary)}</p>${types}<p class="roles">${operation.roles.map(escapeHtml).join(', ')}</p></article>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
