import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { decodeSequence, encodeSequence } from './control-value.ts';

export interface PagedResults {
  /** Request: entries wanted a page. Response: the server's estimate of the whole, 0 if it has none. */
  readonly size: number;
  /** Empty in the first request and in the last response. */
  readonly cookie: Buffer;
}

/** Simple paged results (RFC 2696), for requests and responses alike. */
export function makePagedResultsControl(value: PagedResults, critical = false): Control {
  return {
    oid: CONTROL_OID.pagedResults,
    critical,
    value: encodeSequence((writer) => {
      writer.integer(value.size);
      writer.octets(value.cookie);
    }),
  };
}

export function parsePagedResultsControl(control: Control): PagedResults {
  return decodeSequence(control, (reader) => ({ size: reader.readInteger(), cookie: reader.readOctets() }));
}
