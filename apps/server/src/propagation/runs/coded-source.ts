import type { SourceReader } from '@sallyport/engine';
import { LdapError } from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';

/** What a directory or the way to it refused, under its own code: the engine and the API know no LDAP. */
class DirectoryFailure extends CodedError {
  /** Whether the same request may succeed later: decides between trying on and waiting for a person. */
  readonly retryable: boolean;

  constructor(cause: LdapError) {
    super(cause.code, cause.message, { cause });
    this.name = 'DirectoryFailure';
    this.retryable = cause.retryable;
  }
}

/** The same reader, with coded errors: *could not read* is a thrown CodedError wherever the engine reads. */
export function codedSource(reader: SourceReader): SourceReader {
  return {
    open: (signal) => coded(reader.open(signal)),
    readAll: (need, signal) => codedStream(reader.readAll(need, signal)),
    changesSince: (position, need, signal) => codedStream(reader.changesSince(position, need, signal)),
    readByKeys: (objectType, keys, need, signal) => coded(reader.readByKeys(objectType, keys, need, signal)),
    find: (identifier, need, signal) => coded(reader.find(identifier, need, signal)),
    namedBy: (objects, signal) => coded(reader.namedBy(objects, signal)),
    referenceOf: (place) => reader.referenceOf(place),
    hints: (signal) => reader.hints(signal),
  };
}

async function coded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translate(error);
  }
}

async function* codedStream<T, R>(stream: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  try {
    return yield* stream;
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  return error instanceof LdapError ? new DirectoryFailure(error) : error;
}
