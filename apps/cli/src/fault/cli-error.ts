import { EXIT_CODE, type ExitCode } from '../exit-code.ts';

export interface CliFault {
  /** One sentence: what was found, what was expected. */
  readonly message: string;
  readonly code: string;
  /** What to do now. */
  readonly advice?: string;
  /** Every fault, where there are several. */
  readonly details?: readonly string[];
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/** Something the operator is told in one sentence, with a code and what to do. */
export class CliError extends Error {
  readonly code: string;
  readonly advice: string | undefined;
  readonly details: readonly string[];
  readonly exitCode: ExitCode;

  constructor(fault: CliFault) {
    super(fault.message, fault.cause === undefined ? {} : { cause: fault.cause });
    this.name = 'CliError';
    this.code = fault.code;
    this.advice = fault.advice;
    this.details = fault.details ?? [];
    this.exitCode = fault.exitCode ?? EXIT_CODE.failed;
  }
}

/** The command line cannot be used. */
export function usageError(message: string, advice: string, details: readonly string[] = []): CliError {
  return new CliError({ message, code: 'USAGE', advice, details, exitCode: EXIT_CODE.usage });
}
