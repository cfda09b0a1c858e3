import {
  type AttributeField,
  type ControlField,
  type ExtendedStreamMessage,
  fromBase64,
  type OperationMessage,
  type ResultMessage,
  toBase64,
  type UpMessage,
} from '@sallyport/contract';
import {
  type AttributeValues,
  type Control,
  type ExtendedResult,
  type LdapClient,
  type LdapResult,
  makeClientError,
  parseFilter,
  RESULT_CODE,
  type SearchRequest,
} from '@sallyport/ldap';
import { serverReport } from '../directory/connection-report.ts';
import { resultField } from './failure-message.ts';

export interface OperationContext {
  readonly client: LdapClient;
  readonly signal: AbortSignal;
  /** Aborts when the client's configuration is no longer the newest. */
  readonly retired: AbortSignal;
  /** Sends what a search, watch or extended stream brings before its end. */
  readonly sendAll: (stream: AsyncIterable<Buffer>) => Promise<void>;
}

type SearchOrWatchMessage = Extract<OperationMessage, { readonly type: 'search' | 'watch' }>;

/** Does what the server asked, and resolves with the answer. Rejects with an `LdapError` as the client does. */
export async function runOperation(message: OperationMessage, context: OperationContext): Promise<UpMessage> {
  const { client, signal } = context;
  const { id } = message;
  const options = { signal, ...('controls' in message ? toControls(message.controls) : {}) };
  const answer = (result: LdapResult): UpMessage => ({ type: 'result', id, result: resultField(result) });
  switch (message.type) {
    case 'search':
    case 'watch':
      return runStream(message, context);
    case 'add':
      return answer(await client.add(message.dn, message.attributes.map(toAttribute), options));
    case 'modify': {
      const changes = message.changes.map((change) => ({
        ...toAttribute(change),
        operation: change.operation,
      }));
      return answer(await client.modify(message.dn, changes, options));
    }
    case 'modifyDn': {
      const { dn, newRdn, deleteOldRdn, newSuperior } = message;
      const place = newSuperior === undefined ? {} : { newSuperior };
      return answer(await client.modifyDn(dn, newRdn, { ...options, deleteOldRdn, ...place }));
    }
    case 'delete':
      return answer(await client.delete(message.dn, options));
    case 'compare': {
      const equal = await client.compare(message.dn, message.attribute, fromBase64(message.value), options);
      return answer(plainResult(equal ? RESULT_CODE.compareTrue : RESULT_CODE.compareFalse));
    }
    case 'bind':
      return answer(await client.checkPassword(message.dn, message.password, options));
    case 'extended': {
      const value = message.value === undefined ? undefined : fromBase64(message.value);
      return extendedAnswer(id, await client.extended(message.oid, value, options));
    }
    case 'extendedStream':
      return runExtendedStream(message, context);
    case 'testConnection': {
      const reports = await client.testConnection({ signal });
      return { type: 'connectionReport', id, servers: reports.map(serverReport) };
    }
  }
}

async function runStream(message: SearchOrWatchMessage, context: OperationContext): Promise<UpMessage> {
  const { client, retired } = context;
  // A watch never ends by itself, and its answers would come from a directory that is no longer the right one.
  const signal = message.type === 'watch' ? AbortSignal.any([context.signal, retired]) : context.signal;
  const request = toSearchRequest(message);
  const stream =
    message.type === 'watch' ? client.watch(request, { signal }) : client.search(request, { signal });
  try {
    await context.sendAll(stream);
  } catch (error) {
    if (!retired.aborted || context.signal.aborted || message.type !== 'watch') throw error;
    throw makeClientError(
      'LDAP_CONNECTION_LOST',
      'the watch ended because the directory was configured anew',
      {
        cause: error,
      },
    );
  }
  const { entryCount, pages, ...result } = await stream.outcome;
  return { type: 'result', id: message.id, result: resultField(result), entryCount, pages };
}

async function runExtendedStream(
  message: ExtendedStreamMessage,
  { client, signal, sendAll }: OperationContext,
): Promise<UpMessage> {
  const { id, oid, silenceTimeoutMs } = message;
  const value = message.value === undefined ? undefined : fromBase64(message.value);
  const stream = client.extendedStream(oid, value, {
    signal,
    ...toControls(message.controls),
    ...(silenceTimeoutMs === undefined ? {} : { silenceTimeoutMs }),
  });
  await sendAll(stream);
  const outcome = await stream.outcome;
  return { ...extendedAnswer(id, outcome), intermediateCount: outcome.intermediateCount };
}

function extendedAnswer(id: number, result: ExtendedResult): ResultMessage {
  return {
    type: 'result',
    id,
    result: resultField(result),
    ...(result.oid === undefined ? {} : { oid: result.oid }),
    ...(result.value === undefined ? {} : { value: toBase64(result.value) }),
  };
}

function toSearchRequest(message: SearchOrWatchMessage): SearchRequest {
  const { base, scope, attributes, sizeLimit, timeLimitSeconds, typesOnly, controls } = message;
  const pageSize = message.type === 'search' ? message.pageSize : 0;
  return {
    base,
    scope,
    filter: parseFilter(message.filter),
    attributes,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(sizeLimit === undefined ? {} : { sizeLimit }),
    ...(timeLimitSeconds === undefined ? {} : { timeLimitSeconds }),
    ...(typesOnly === undefined ? {} : { typesOnly }),
    ...toControls(controls),
  };
}

function toControls(controls: readonly ControlField[] | undefined): {
  readonly controls?: readonly Control[];
} {
  if (controls === undefined) return {};
  return {
    controls: controls.map(({ oid, critical, value }) => ({
      oid,
      critical,
      ...(value === undefined ? {} : { value: fromBase64(value) }),
    })),
  };
}

function toAttribute(field: AttributeField): AttributeValues {
  return { type: field.type, values: field.values.map(fromBase64) };
}

function plainResult(resultCode: number): LdapResult {
  return { resultCode, matchedDn: '', diagnosticMessage: '', referrals: [], controls: [] };
}
