import { ApiError } from '@sallyport/contract';
import { ZodError } from 'zod';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { apiDetails, apiSentence } from './api-fault.ts';
import { CliError } from './cli-error.ts';

/** An error as it is told: to people as lines, to programs as JSON. */
export interface ToldFault {
  readonly message: string;
  readonly code: string;
  readonly details: readonly string[];
  readonly advice: string | undefined;
  /** Find it in the server's log. */
  readonly id: string | undefined;
  readonly exitCode: ExitCode;
}

/** Anything that was thrown as one sentence, a code and what to do. */
export function describeFault(error: unknown): ToldFault {
  if (error instanceof CliError) {
    const { message, code, details, advice, exitCode } = error;
    return { message, code, details, advice, id: undefined, exitCode };
  }
  if (error instanceof ApiError) return describeApiError(error);
  if (error instanceof ZodError) return describeShape(error);
  if (error instanceof Error && error.name === 'AbortError') {
    return {
      message: 'Stopped.',
      code: 'INTERRUPTED',
      details: [],
      advice: 'What the server had begun goes on; "sallyport status" shows it.',
      id: undefined,
      exitCode: EXIT_CODE.interrupted,
    };
  }
  return {
    message: error instanceof Error ? error.message : String(error),
    code: 'UNEXPECTED',
    details: [],
    advice: 'This is a defect of the program: report it with the command you typed.',
    id: undefined,
    exitCode: EXIT_CODE.failed,
  };
}

function describeApiError(error: ApiError): ToldFault {
  const refused = error.status === 401 || error.status === 403;
  return {
    message: apiSentence(error),
    code: error.code,
    details: apiDetails(error),
    advice: adviceFor(error),
    id: error.id === '' ? undefined : error.id,
    exitCode: refused ? EXIT_CODE.refused : EXIT_CODE.failed,
  };
}

function adviceFor(error: ApiError): string | undefined {
  if (error.details.some(({ code }) => code === 'INVALID_CLIENT'))
    return 'Check client id and secret; an administrator can make a new secret.';
  if (error.status === 401) return 'Sign in again with "sallyport login".';
  if (error.status === 403)
    return 'Ask an administrator for a role that allows it, or sign in as another application.';
  if (error.status === 404) return 'Look at the lists: "sallyport rule list", "sallyport gateway list".';
  if (error.status === 429) {
    const { retryAfterSeconds } = error;
    return retryAfterSeconds === undefined ? 'Try again later.' : `Try again in ${retryAfterSeconds} s.`;
  }
  if (error.status >= 500) return "Try again; if it stays, look into the server's log for the id.";
  return error.details.length > 0 ? 'Correct what is named and try again.' : undefined;
}

function describeShape(error: ZodError): ToldFault {
  return {
    message: "The server's answer is not what this version of the program expects.",
    code: 'UNEXPECTED_ANSWER',
    details: error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`),
    advice: 'Compare "sallyport version" with the version of the server.',
    id: undefined,
    exitCode: EXIT_CODE.failed,
  };
}
