import type * as z from 'zod';
import type { Role } from './role.ts';

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/**
 * One operation of the API. Server, client, CLI, console and OpenAPI document are all made from it.
 * `path` holds `{name}` for each parameter. Several operations may share method and path: then the media type of the body
 * chooses between them.
 */
export interface Operation {
  readonly method: Method;
  readonly path: string;
  /** Other spellings of the path that clients in the field use. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Any one of them is enough. */
  readonly roles: readonly Role[];
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Media types of the body; the first one is what our client sends. Absent: JSON. */
  readonly mediaTypes?: readonly string[];
  /** Absent: answered without a body. */
  readonly response?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  /** Changes nothing although its method could: not written to the audit log. */
  readonly readOnly?: true;
}

/** Keeps the literal types, from which the client's and the handlers' types are worked out. */
export function operation<const O extends Operation>(definition: O): O {
  return definition;
}

export type PathParameters<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name]: string } & PathParameters<Rest>
  : unknown;

/** What a caller hands over: path parameters by name, `query` and `body` where the operation has them. */
export type OperationInput<O extends Operation> = PathParameters<O['path']> &
  (O extends { readonly query: infer Q extends z.ZodType } ? { readonly query?: z.input<Q> } : unknown) &
  (O extends { readonly body: infer B extends z.ZodType }
    ? undefined extends z.input<B>
      ? { readonly body?: z.input<B> }
      : { readonly body: z.input<B> }
    : unknown);

/** What a handler receives: the same, checked and with defaults filled in. */
export interface OperationRequest<O extends Operation> {
  readonly params: PathParameters<O['path']>;
  readonly query: O extends { readonly query: infer Q extends z.ZodType }
    ? z.output<Q>
    : Readonly<Record<never, never>>;
  readonly body: O extends { readonly body: infer B extends z.ZodType } ? z.output<B> : undefined;
}

/** What a caller receives. */
export type OperationResult<O extends Operation> = O extends { readonly response: infer R extends z.ZodType }
  ? z.output<R>
  : undefined;

/** What a handler answers: the wire form of the response. */
export type OperationAnswer<O extends Operation> = O extends { readonly response: infer R extends z.ZodType }
  ? z.input<R>
  : undefined;

export type OperationGroup = Readonly<Record<string, Operation>>;
