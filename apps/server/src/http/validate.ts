import type { ErrorCode, ErrorDetail } from '@sallyport/model';
import { invalidData } from './refuse.ts';

/** The part of a zod issue that is needed here. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly values?: readonly unknown[];
}

interface Schema<T> {
  safeParse(
    value: unknown,
    options?: { readonly reportInput?: boolean },
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

/** Checks a body or query against its schema; throws INVALID_DATA that lists every fault with its place. */
export function validate<T>(schema: Schema<T>, value: unknown, parameterOf?: 'query'): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw invalidData(result.error.issues.map((issue) => detailOf(issue, parameterOf)));
}

function detailOf(issue: Issue, parameterOf: 'query' | undefined): ErrorDetail {
  const target = issue.path.map(String).join('.');
  const innerError = innerErrorOf(issue);
  const code = parameterOf === 'query' ? 'INVALID_PARAMETER' : codeOf(issue);
  return {
    code,
    ...(target === '' ? {} : { target }),
    message: messageOf(issue, code, target),
    ...(innerError === undefined ? {} : { innerError }),
  };
}

function codeOf(issue: Issue): ErrorCode {
  if (issue.input === undefined || issue.input === null) return 'REQUIRED_VALUE';
  if (issue.code === 'too_small')
    return issue.origin === 'string' && issue.input === '' ? 'EMPTY_VALUE' : 'OUT_OF_RANGE';
  if (issue.code !== 'too_big') return 'INVALID_VALUE';
  return isLong(issue) ? 'SIZE_LIMIT_EXCEEDED' : 'OUT_OF_RANGE';
}

/** Too long, as the model has it of users and groups, and not too large a number. */
function isLong({ origin }: Issue): boolean {
  return origin === 'string' || origin === 'array';
}

function messageOf(issue: Issue, code: ErrorCode, target: string): string {
  const name = target === '' ? 'the body' : target;
  if (code === 'REQUIRED_VALUE') return `${name} is required`;
  if (code === 'EMPTY_VALUE') return `${name} must not be empty`;
  if (code === 'SIZE_LIMIT_EXCEEDED' && typeof issue.input === 'string')
    return `${name} must have at most ${issue.maximum} characters, found ${issue.input.length}`;
  return `${name}: ${issue.message}`;
}

function innerErrorOf(issue: Issue): Readonly<Record<string, unknown>> | undefined {
  if (issue.code === 'too_big' && issue.maximum !== undefined)
    return { rangeMaximumValue: Number(issue.maximum) };
  if (issue.code === 'too_small' && issue.minimum !== undefined)
    return { rangeMinimumValue: Number(issue.minimum) };
  return issue.values === undefined ? undefined : { allowedValues: [...issue.values] };
}
