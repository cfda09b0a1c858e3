import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is unknown',
  EAI_AGAIN: 'the name cannot be looked up at the moment',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
};

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;

/** `fetch` that says in one sentence why a server could not be reached. */
export function reachableFetch(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    try {
      return await send(input, init);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') throw error;
      const code = codeOf(error);
      const url = new URL(input instanceof Request ? input.url : input);
      if (code !== undefined && CERTIFICATE.test(code))
        throw new CliError({
          message: `The certificate of ${url.origin} is not trusted (${code}).`,
          code: 'CERTIFICATE_UNTRUSTED',
          advice: 'Name the PEM file of its authority in SALLYPORT_CA_FILE.',
          exitCode: EXIT_CODE.unreachable,
          cause: error,
        });
      const reason = (code === undefined ? undefined : REASONS[code]) ?? code ?? causeText(error);
      throw new CliError({
        message: `The server at ${url.origin} cannot be reached: ${reason}.`,
        code: 'SERVER_UNREACHABLE',
        advice: 'Check the address and that the server runs; "sallyport login --server URL" changes it.',
        exitCode: EXIT_CODE.unreachable,
        cause: error,
      });
    }
  };
}

/** `bad port`: a cause without a code has words of its own. */
function causeText(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message !== '' ? cause.message : 'no connection';
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  // Node tries several addresses of a name; each failure is in `errors`.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : undefined;
}
