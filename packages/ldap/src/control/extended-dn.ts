import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { decodeSequence, encodeSequence } from './control-value.ts';

export type ExtendedDnForm = 'hex' | 'text';

/** Extended DN (AD): names come as `<GUID=...>;<SID=...>;DN`, the identifiers in hexadecimal or in text form. */
export function makeExtendedDnControl(form: ExtendedDnForm): Control {
  return {
    oid: CONTROL_OID.extendedDn,
    critical: true,
    value: encodeSequence((writer) => writer.integer(form === 'text' ? 1 : 0)),
  };
}

/** Without a value the form is hexadecimal, as AD documents it. */
export function parseExtendedDnControl(control: Control): ExtendedDnForm {
  if (control.value === undefined) return 'hex';
  return decodeSequence(control, (reader) => (reader.readInteger() === 1 ? 'text' : 'hex'));
}
