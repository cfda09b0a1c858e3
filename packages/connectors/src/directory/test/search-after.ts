import type { SearchStream } from '@sallyport/ldap';

/** A search that begins when something else has been done. */
export function searchAfter(first: Promise<void>, search: () => SearchStream): SearchStream {
  const begun = first.then(search);
  const stream = (async function* () {
    yield* await begun;
  })();
  const outcome = begun.then((begunStream) => begunStream.outcome);
  // Not asked for where the stream fails first.
  outcome.catch(() => undefined);
  return Object.assign(stream, { outcome });
}
