import type { ServerReport } from '@sallyport/contract';
import type { ConnectionReport } from '@sallyport/ldap';

const MAX_CONTROLS = 1_000;
const MAX_CONTEXTS = 100;

/** What trying one server showed, as it travels. */
export function serverReport(report: ConnectionReport): ServerReport {
  const { server, ok, error, durationMs, rootDse } = report;
  const first = (name: string): string | undefined => rootDse?.get(name)?.[0]?.slice(0, 1_000);
  const vendorName = first('vendorName');
  const vendorVersion = first('vendorVersion');
  const namingContexts = rootDse?.get('namingContexts');
  const supportedControls = rootDse?.get('supportedControl');
  return {
    server,
    reached: ok ? 'signedOn' : reachedBefore(error?.code),
    elapsedMs: durationMs,
    ...(vendorName === undefined ? {} : { vendorName }),
    ...(vendorVersion === undefined ? {} : { vendorVersion }),
    ...(namingContexts === undefined ? {} : { namingContexts: namingContexts.slice(0, MAX_CONTEXTS) }),
    ...(supportedControls === undefined
      ? {}
      : { supportedControls: supportedControls.slice(0, MAX_CONTROLS) }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
  };
}

function reachedBefore(code: string | undefined): ServerReport['reached'] {
  return code === 'LDAP_HOST_UNREACHABLE' || code === 'LDAP_HOST_UNKNOWN' ? 'nothing' : 'connected';
}
