import type { Control } from '../message/message.ts';

/** The control with this OID, or undefined. */
export function findControl(controls: readonly Control[], oid: string): Control | undefined {
  return controls.find((control) => control.oid === oid);
}
