import { CodedError } from '@sallyport/model';
import type { Connection } from '../sqlite/connection.ts';

// Which connection a state transaction writes on. The engine hands the transaction to the identity-store connector, and that one
// to `users.writeMany`, neither knowing what it is; here it is recognised again. Only while it is open.
const open = new WeakMap<object, Connection>();

export function rememberTransaction(transaction: object, connection: Connection): void {
  open.set(transaction, connection);
}

export function forgetTransaction(transaction: object): void {
  open.delete(transaction);
}

/** @throws CodedError STORE_TRANSACTION_OVER */
export function connectionOf(transaction: object): Connection {
  const connection = open.get(transaction);
  if (connection === undefined)
    throw new CodedError(
      'STORE_TRANSACTION_OVER',
      'The transaction is over, or belongs to another store. Write inside the work that was given it',
    );
  return connection;
}
