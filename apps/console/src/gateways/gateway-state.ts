import type { Gateway, GatewayInstance } from '../api/shapes.ts';
import type { Tone } from '../elements/tone.ts';

interface StateWords {
  readonly label: string;
  readonly tone: Tone;
}

/** How a gateway is as a whole: what is wrong with some of its connected instances degrades it, what is wrong with all of them is wrong with it. */
export function gatewayState(
  gateway: Pick<Gateway, 'enabled'>,
  instances: readonly Pick<GatewayInstance, 'connected' | 'healthStatus'>[],
): StateWords {
  if (!gateway.enabled) return { label: 'Disabled', tone: 'calm' };
  const connected = instances.filter((instance) => instance.connected);
  if (connected.length === 0) return { label: 'Not connected', tone: 'bad' };
  if (connected.every((instance) => instance.healthStatus === 'HEALTHY'))
    return { label: 'Healthy', tone: 'good' };
  return connected.every((instance) => instance.healthStatus === 'UNHEALTHY')
    ? { label: 'Unhealthy', tone: 'bad' }
    : { label: 'Degraded', tone: 'warn' };
}

const HEALTH: Readonly<Record<GatewayInstance['healthStatus'], StateWords>> = {
  HEALTHY: { label: 'Healthy', tone: 'good' },
  DEGRADED: { label: 'Degraded', tone: 'warn' },
  UNHEALTHY: { label: 'Unhealthy', tone: 'bad' },
};

export function instanceState(instance: Pick<GatewayInstance, 'connected' | 'healthStatus'>): StateWords {
  return instance.connected ? HEALTH[instance.healthStatus] : { label: 'Gone', tone: 'calm' };
}
