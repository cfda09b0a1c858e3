import { CONTROL_OID } from '../control/control-oid.ts';
import { findControl } from '../control/find-control.ts';
import { makePagedResultsControl, parsePagedResultsControl } from '../control/paged-results.ts';
import type { SearchOutcome, SearchRequest } from '../link/directory-link.ts';
import type { Control, LdapMessage } from '../message/message.ts';
import { makeClientError, makeResultError } from '../result/ldap-error.ts';
import { RESULT_CODE } from '../result/result-code.ts';
import type { ResponsePlan } from './response-reader.ts';

const DEFAULT_PAGE_SIZE = 1000;
/** A server may send pages without entries (a filter that matches little); one that sends nothing else is broken. */
const MAX_EMPTY_PAGES = 100_000;
const NO_COOKIE = Buffer.alloc(0);

/**
 * A search page by page: goes on while a cookie comes back, also after a page without entries (RFC 2696 §3), which
 * Active Directory may send. `paged` false: one request without the paged results control.
 */
export function makeSearchPlan(request: SearchRequest, paged: boolean): ResponsePlan<SearchOutcome> {
  const { base, scope, sizeLimit = 0, pageSize = DEFAULT_PAGE_SIZE } = request;
  const name = `search of ${base === '' ? 'the root DSE' : base} (${scope})`;
  let cookie: Buffer = NO_COOKIE;
  let pages = 0;
  let entryCount = 0;
  let entriesOfPage = 0;
  let emptyPages = 0;
  return {
    name,
    changes: false,
    request() {
      entriesOfPage = 0;
      const controls: Control[] = [...(request.controls ?? [])];
      if (paged) {
        const size = sizeLimit > 0 ? Math.min(pageSize, sizeLimit - entryCount) : pageSize;
        controls.push(makePagedResultsControl({ size, cookie }));
      }
      return {
        op: {
          kind: 'searchRequest',
          base,
          scope,
          derefAliases: 'never',
          // Paged, the limit is kept here: servers disagree whether theirs counts a page or the whole.
          sizeLimit: paged ? 0 : sizeLimit,
          timeLimitSeconds: request.timeLimitSeconds ?? 0,
          typesOnly: request.typesOnly ?? false,
          filter: request.filter,
          attributes: request.attributes,
        },
        controls,
      };
    },
    received(entries) {
      entryCount += entries;
      entriesOfPage += entries;
    },
    judge(message, server) {
      const { op, controls } = message;
      if (op.kind !== 'searchDone')
        throw makeClientError('LDAP_PROTOCOL', `${name} was answered with a ${op.kind}`, { server });
      pages += 1;
      const { resultCode, matchedDn, diagnosticMessage, referrals } = op;
      const result = { resultCode, matchedDn, diagnosticMessage, referrals, controls };
      const limitReached = sizeLimit > 0 && entryCount >= sizeLimit;
      if (resultCode !== RESULT_CODE.success) {
        const asAsked = resultCode === RESULT_CODE.sizeLimitExceeded && limitReached;
        if (asAsked) return { ...result, entryCount, pages };
        throw makeResultError(result, { operation: name, server });
      }
      cookie = paged ? nextCookie(message) : NO_COOKIE;
      if (cookie.length === 0) return { ...result, entryCount, pages };
      if (limitReached) return { ...result, resultCode: RESULT_CODE.sizeLimitExceeded, entryCount, pages };
      emptyPages = entriesOfPage === 0 ? emptyPages + 1 : 0;
      if (emptyPages > MAX_EMPTY_PAGES)
        throw makeClientError('LDAP_PROTOCOL', `${name} got ${MAX_EMPTY_PAGES} pages without an entry`);
      return 'more';
    },
    left: () => ({
      resultCode: RESULT_CODE.canceled,
      matchedDn: '',
      diagnosticMessage: 'left by the reader',
      referrals: [],
      controls: [],
      entryCount,
      pages,
    }),
  };
}

/** A copy: the message is a view into what the socket gave. */
function nextCookie({ controls }: LdapMessage<Buffer>): Buffer {
  const control = findControl(controls, CONTROL_OID.pagedResults);
  return control === undefined ? NO_COOKIE : Buffer.from(parsePagedResultsControl(control).cookie);
}
