// For tests and the demo, which run a gateway inside their own process; the program itself starts at main.ts.
export { type GatewayDependencies, runGateway } from './compose.ts';
export { EXIT_CODE, type ExitCode } from './exit-code.ts';
export { type Limits, parseLimits } from './limits/limits.ts';
export { type GatewaySettings, readSettings } from './settings/gateway-settings.ts';
export { type ForwardProxy, readProxy } from './tunnel/forward-proxy.ts';
