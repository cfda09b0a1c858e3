interface PagedInput {
  readonly query?: { readonly cursor?: string | undefined };
}

interface PageAnswer {
  readonly _links: Readonly<Record<string, { readonly href: string }>>;
}

/**
 * Pages of a collection until there is no next one: `for await (const page of pagesOf(api.users.list, { environmentId }))`.
 * What is inserted meanwhile may or may not be met; nothing is met twice.
 */
export async function* pagesOf<I extends PagedInput, P extends PageAnswer>(
  list: (input: I) => Promise<P>,
  input: I,
): AsyncGenerator<P> {
  let next: I | undefined = input;
  while (next !== undefined) {
    const page: P = await list(next);
    yield page;
    const href: string | undefined = page._links.next?.href;
    const cursor: string | null = href === undefined ? null : new URL(href).searchParams.get('cursor');
    next = cursor === null ? undefined : { ...input, query: { ...input.query, cursor } };
  }
}
