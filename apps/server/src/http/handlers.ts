import type { Operation, OperationAnswer, OperationRequest, OperationTable } from '@sallyport/contract';
import type { RequestContext } from './request-context.ts';

/** Carries out one operation: everything it receives is checked, and it answers in the operation's own type. */
export type Handler<O extends Operation> = (
  request: OperationRequest<O>,
  context: RequestContext,
) => Promise<OperationAnswer<O>>;

export type HandlerGroup<G extends keyof OperationTable> = {
  readonly [K in keyof OperationTable[G]]: OperationTable[G][K] extends Operation
    ? Handler<OperationTable[G][K]>
    : never;
};

/** One handler for every operation of the table: a missing one does not compile. */
export type Handlers = { readonly [G in keyof OperationTable]: HandlerGroup<G> };
