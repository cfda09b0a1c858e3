import { CLOSE_CODE } from '@sallyport/contract';
import type { Clock } from '@sallyport/runtime';
import type { GatewayInstance } from './gateway-instance.ts';
import type { InstanceConnection } from './instance-connection.ts';

interface GoneInstance {
  readonly instance: GatewayInstance;
  readonly goneAtMs: number;
}

/** Gone instances kept per gateway, whatever the time: restarts make a new id each. */
const MAX_GONE = 32;

/** Which connections are there, by gateway, and which instances were until lately. */
export class InstanceRegistry {
  readonly #clock: Clock;
  readonly #rememberGoneMs: number;
  readonly #connections = new Map<string, Set<InstanceConnection>>();
  readonly #gone = new Map<string, Map<string, GoneInstance>>();
  #count = 0;
  #whenEmpty: (() => void)[] = [];

  constructor(clock: Clock, rememberGoneMs: number) {
    this.#clock = clock;
    this.#rememberGoneMs = rememberGoneMs;
  }

  add(connection: InstanceConnection): void {
    const { gatewayId } = connection.identity;
    const connections = this.#connections.get(gatewayId) ?? new Set();
    this.#connections.set(gatewayId, connections);
    connections.add(connection);
    this.#count += 1;
  }

  /**
   * A connection has told its instance's id. An older connection of the same instance is a leftover: if it was told to
   * move it finishes its work, else its other end has lost it and it only looks alive.
   */
  introduce(connection: InstanceConnection, instanceId: string): void {
    this.#gone.get(connection.identity.gatewayId)?.delete(instanceId);
    for (const other of this.connectionsOf(connection.identity.gatewayId)) {
      if (other === connection || other.instance?.instanceId !== instanceId) continue;
      if (other.instance.draining) continue;
      other.close(CLOSE_CODE.replaced, 'the instance has connected anew');
    }
  }

  remove(connection: InstanceConnection): void {
    const { gatewayId } = connection.identity;
    const connections = this.#connections.get(gatewayId);
    if (connections?.delete(connection) !== true) return;
    if (connections.size === 0) this.#connections.delete(gatewayId);
    this.#count -= 1;
    this.#remember(connection);
    if (this.#count > 0) return;
    for (const wake of this.#whenEmpty.splice(0)) wake();
  }

  connectionsOf(gatewayId: string): readonly InstanceConnection[] {
    return [...(this.#connections.get(gatewayId) ?? [])];
  }

  countOf(gatewayId: string): number {
    return this.#connections.get(gatewayId)?.size ?? 0;
  }

  all(): readonly InstanceConnection[] {
    return [...this.#connections.values()].flatMap((connections) => [...connections]);
  }

  /** One record an instance: the connection that works stands for it, not the one that says goodbye. */
  instancesOf(gatewayId: string): readonly GatewayInstance[] {
    const found = new Map<string, GatewayInstance>();
    for (const { instance } of this.connectionsOf(gatewayId)) {
      if (instance === undefined) continue;
      const known = found.get(instance.instanceId);
      if (known === undefined || known.draining) found.set(instance.instanceId, instance);
    }
    this.#forget(gatewayId);
    for (const { instance } of this.#gone.get(gatewayId)?.values() ?? []) {
      if (!found.has(instance.instanceId)) found.set(instance.instanceId, instance);
    }
    return [...found.values()];
  }

  /** Resolves when no connection is left. */
  whenEmpty(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenEmpty.push(resolve);
    });
  }

  #remember(connection: InstanceConnection): void {
    const { instance } = connection;
    if (instance === undefined) return;
    const { gatewayId } = instance;
    const isBack = this.connectionsOf(gatewayId).some(
      (other) => other.instance?.instanceId === instance.instanceId,
    );
    if (isBack) return;
    const gone = this.#gone.get(gatewayId) ?? new Map<string, GoneInstance>();
    this.#gone.set(gatewayId, gone);
    gone.delete(instance.instanceId);
    gone.set(instance.instanceId, { instance, goneAtMs: this.#clock.now() });
    this.#forget(gatewayId);
  }

  #forget(gatewayId: string): void {
    const gone = this.#gone.get(gatewayId);
    if (gone === undefined) return;
    const oldest = this.#clock.now() - this.#rememberGoneMs;
    for (const [instanceId, { goneAtMs }] of gone) {
      if (goneAtMs < oldest || gone.size > MAX_GONE) gone.delete(instanceId);
    }
    if (gone.size === 0) this.#gone.delete(gatewayId);
  }
}
