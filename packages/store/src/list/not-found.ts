import { CodedError } from '@sallyport/model';

export function notFound(what: string, id: string): CodedError {
  return new CodedError('NOT_FOUND', `There is no ${what} ${id}`);
}
