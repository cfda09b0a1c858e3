import { describe, expect, it } from 'vitest';
import { BerError } from '../ber/ber-error.ts';
import {
  makeSoftDeleteControl,
  makeSoftDeletedEntryAccessControl,
  makeSoftDeleteResponseControl,
  parseSoftDeleteControl,
  parseSoftDeletedEntryAccessControl,
  parseSoftDeleteResponseControl,
} from './soft-delete.ts';

describe('the soft delete controls', () => {
  it('come out as they went in, defaults without a value', () => {
    for (const wanted of [true, false])
      expect(parseSoftDeleteControl(makeSoftDeleteControl(wanted))).toBe(wanted);
    expect(makeSoftDeleteControl().value).toBeUndefined();
    expect(makeSoftDeleteControl(false).value?.toString('hex')).toBe('3003800100');
    for (const includeOthers of [true, false]) {
      for (const undeletedForm of [true, false]) {
        const access = { includeOthers, undeletedForm };
        const control = makeSoftDeletedEntryAccessControl(access);
        expect(parseSoftDeletedEntryAccessControl(control)).toEqual(access);
        expect(control.value === undefined).toBe(includeOthers && !undeletedForm);
      }
    }
    const dn = 'entryUUID=1+uid=größe,dc=example';
    expect(parseSoftDeleteResponseControl(makeSoftDeleteResponseControl(dn))).toBe(dn);
  });

  it('are refused with a coded error when malformed', () => {
    const broken = { oid: 'x', critical: true, value: Buffer.from('3005', 'hex') };
    expect(() => parseSoftDeleteControl(broken)).toThrow(BerError);
    expect(() => parseSoftDeletedEntryAccessControl(broken)).toThrow(BerError);
    expect(() => parseSoftDeleteResponseControl({ oid: 'x', critical: false })).toThrow(BerError);
  });
});
