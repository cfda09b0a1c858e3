import { describe, expect, it } from 'vitest';
import { makeApiClient } from './client/api-client.ts';
import { ApiError } from './client/api-error.ts';
import { pagesOf } from './client/pages.ts';
import { makeOpenApi } from './open-api/open-api.ts';
import { listOperations } from './operations.ts';
import { userMergeInput } from './shape/user.ts';

const ENVIRONMENT = '7d0c8a64-0000-4000-8000-000000000001';
const POPULATION = {
  id: 'p1',
  environment: { id: ENVIRONMENT },
  default: false,
  userCount: 0,
  createdAt: 'x',
  updatedAt: 'x',
};

function page(names: readonly string[], next?: string): Response {
  return Response.json({
    _links: { self: { href: 'http://h/v1' }, ...(next === undefined ? {} : { next: { href: next } }) },
    _embedded: { populations: names.map((name) => ({ ...POPULATION, name })) },
    count: 9,
    size: names.length,
  });
}

describe('the table of operations', () => {
  it('never has two operations that one request could mean', () => {
    const keys = listOperations().flatMap(({ operation }) =>
      (operation.mediaTypes ?? ['application/json']).map(
        (type) => `${operation.method} ${operation.path} ${type}`,
      ),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives every operation a role, and a body only to methods that carry one', () => {
    for (const { id, operation } of listOperations()) {
      expect(operation.roles.length, id).toBeGreaterThan(0);
      if (operation.body !== undefined) expect(['POST', 'PUT', 'PATCH'], id).toContain(operation.method);
      expect(operation.response === undefined, id).toBe(operation.status === 204);
    }
  });

  it('becomes an OpenAPI document that names each operation and resolves each parameter', () => {
    const text = JSON.stringify(makeOpenApi('https://id.example', '1.0.0'));
    for (const { id, operation } of listOperations()) {
      expect(text, id).toContain(id);
      for (const [, name] of operation.path.matchAll(/\{(\w+)\}/g))
        expect(text).toContain(`"name":"${name}","in":"path"`);
    }
  });
});

describe('user input', () => {
  it('keeps custom attributes, and tells null from absent', () => {
    expect(userMergeInput.parse({ title: null, costCenter: '42' })).toEqual({
      title: null,
      costCenter: '42',
    });
  });
});

describe('the client', () => {
  it('follows next links with the cursor they carry', async () => {
    const asked: string[] = [];
    const answers = [
      page(['a', 'b'], `http://h/v1/environments/${ENVIRONMENT}/populations?cursor=C%2B1&limit=2`),
      page(['c']),
    ];
    const api = makeApiClient({
      baseUrl: 'http://h',
      token: 't',
      fetch: (url) => {
        asked.push(String(url));
        return Promise.resolve(answers.shift() ?? new Response(undefined, { status: 500 }));
      },
    });
    const names: string[] = [];
    for await (const { _embedded } of pagesOf(api.populations.list, {
      environmentId: ENVIRONMENT,
      query: { limit: 2 },
    }))
      names.push(..._embedded.populations.map(({ name }) => name));
    expect(names).toEqual(['a', 'b', 'c']);
    expect(asked[1]).toBe(`http://h/v1/environments/${ENVIRONMENT}/populations?limit=2&cursor=C%2B1`);
  });

  it('gets one token for calls made together, and a fresh one when it is refused', async () => {
    let tokens = 0;
    const seen: string[] = [];
    const api = makeApiClient({
      baseUrl: 'http://h',
      clientCredentials: { environmentId: ENVIRONMENT, clientId: 'c', clientSecret: 's+ %' },
      fetch: (url, init) => {
        const headers = new Headers(init?.headers);
        if (String(url).endsWith('/as/token')) {
          tokens += 1;
          expect(atob((headers.get('authorization') ?? '').slice(6))).toBe('c:s%2B+%25');
          return Promise.resolve(Response.json({ access_token: `t${tokens}`, expires_in: 3600 }));
        }
        seen.push(headers.get('authorization') ?? '');
        const refused = seen.length > 2 && headers.get('authorization') === 'Bearer t1';
        return Promise.resolve(refused ? Response.json({}, { status: 401 }) : page([]));
      },
    });
    await Promise.all([
      api.populations.list({ environmentId: ENVIRONMENT }),
      api.populations.list({ environmentId: ENVIRONMENT }),
    ]);
    expect(tokens).toBe(1);
    await api.populations.list({ environmentId: ENVIRONMENT });
    expect(tokens).toBe(2);
    expect(seen.at(-1)).toBe('Bearer t2');
  });

  it('turns every other answer into an ApiError, whatever its body', async () => {
    const bodies = [JSON.stringify({ id: 'i', code: 'NOT_FOUND', message: 'no' }), '<html>', ''];
    for (const body of bodies) {
      const api = makeApiClient({
        baseUrl: 'http://h',
        token: 't',
        fetch: () => Promise.resolve(new Response(body, { status: 404 })),
      });
      const error: unknown = await api.populations
        .read({ environmentId: ENVIRONMENT, populationId: 'p' })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({
        status: 404,
        code: body.startsWith('{') ? 'NOT_FOUND' : 'UNEXPECTED_ANSWER',
      });
    }
  });
});
