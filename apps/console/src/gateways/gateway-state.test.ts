import { expect, test } from 'vitest';
import { gatewayState, instanceState } from './gateway-state.ts';

const healthy = { connected: true, healthStatus: 'HEALTHY' } as const;
const unhealthy = { connected: true, healthStatus: 'UNHEALTHY' } as const;
const gone = { connected: false, healthStatus: 'HEALTHY' } as const;

test.each([
  ['Healthy', [healthy, gone]],
  ['Degraded', [healthy, unhealthy]],
  ['Unhealthy', [unhealthy, gone]],
  ['Not connected', [gone]],
  ['Not connected', []],
] as const)('a gateway is %s by its connected instances', (label, instances) => {
  expect(gatewayState({ enabled: true }, instances).label).toBe(label);
});

test('a disabled gateway is that, whoever is connected', () => {
  expect(gatewayState({ enabled: false }, [healthy]).label).toBe('Disabled');
});

test('an instance that went away does not count as healthy by its last word', () => {
  expect(instanceState(gone).label).toBe('Gone');
  expect(instanceState(unhealthy).label).toBe('Unhealthy');
});
