export { assertCursor } from './list/cursor.ts';
export { openStore, type StoreOptions } from './open-store.ts';
export type * from './password/user-password.ts';
export type * from './record/configuration-records.ts';
export type * from './record/group-records.ts';
export type * from './record/page.ts';
export type * from './record/sync-records.ts';
export type * from './store.ts';
