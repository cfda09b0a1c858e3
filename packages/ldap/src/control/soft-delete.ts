import { contextTag } from '../ber/ber-tag.ts';
import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { controlValue, decodeSequence, encodeSequence } from './control-value.ts';

/*
 * PingDirectory's soft deletes: a deleted entry stays under another name, hidden from everybody who does not ask for it.
 * The controls without a value (hard delete, undelete) are flag controls.
 */

const RETURN_RESPONSE = contextTag(0);
const INCLUDE_OTHERS = contextTag(0);
const UNDELETED_FORM = contextTag(1);

/** Turns a delete into a soft delete. `returnResponse` false: without the control that names the hidden entry. */
export function makeSoftDeleteControl(returnResponse = true): Control {
  const { softDelete: oid } = CONTROL_OID;
  // DEFAULT TRUE is left out, and with it the value.
  if (returnResponse) return { oid, critical: true };
  return { oid, critical: true, value: encodeSequence((writer) => writer.boolean(false, RETURN_RESPONSE)) };
}

/** Whether the response control is wanted. @throws BerError */
export function parseSoftDeleteControl(control: Control): boolean {
  if (control.value === undefined) return true;
  return decodeSequence(control, (reader) =>
    reader.peekTag() === RETURN_RESPONSE ? reader.readBoolean(RETURN_RESPONSE) : true,
  );
}

/** Names the hidden entry; comes with the delete response, and with the entry when it is read. */
export function makeSoftDeleteResponseControl(dn: string): Control {
  return { oid: CONTROL_OID.softDeleteResponse, critical: false, value: Buffer.from(dn, 'utf8') };
}

export function parseSoftDeleteResponseControl(control: Control): string {
  return controlValue(control).toString('utf8');
}

export interface SoftDeletedEntryAccess {
  /** Also entries that are not deleted. */
  readonly includeOthers: boolean;
  /** Under the name and with the attributes the entry had before. */
  readonly undeletedForm: boolean;
}

/** Lets a search, compare or modify see soft-deleted entries; needs the privilege soft-delete-read. */
export function makeSoftDeletedEntryAccessControl(access: SoftDeletedEntryAccess): Control {
  const { softDeletedEntryAccess: oid } = CONTROL_OID;
  if (access.includeOthers && !access.undeletedForm) return { oid, critical: true };
  return {
    oid,
    critical: true,
    value: encodeSequence((writer) => {
      if (!access.includeOthers) writer.boolean(false, INCLUDE_OTHERS);
      if (access.undeletedForm) writer.boolean(true, UNDELETED_FORM);
    }),
  };
}

/** @throws BerError */
export function parseSoftDeletedEntryAccessControl(control: Control): SoftDeletedEntryAccess {
  if (control.value === undefined) return { includeOthers: true, undeletedForm: false };
  return decodeSequence(control, (reader) => ({
    includeOthers: reader.peekTag() === INCLUDE_OTHERS ? reader.readBoolean(INCLUDE_OTHERS) : true,
    undeletedForm: reader.peekTag() === UNDELETED_FORM ? reader.readBoolean(UNDELETED_FORM) : false,
  }));
}
