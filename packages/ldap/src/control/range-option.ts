import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';

/**
 * Range option (AD `.802`): tells the server that the client knows ranged retrieval, so that long attributes come as
 * `member;range=0-1499` even where the server would rather not. No value; not critical, because without it the
 * same thing happens on every current server.
 */
export function makeRangeOptionControl(critical = false): Control {
  return { oid: CONTROL_OID.rangeOption, critical };
}
