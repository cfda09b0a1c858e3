import { type Configuration, type ConfigurationValue, Secret, type Uuid } from '@sallyport/model';
import type { SealedSecrets } from '../../secrets/sealed-secrets.ts';
import { SENSITIVE_SETTINGS } from './store-type.ts';

/** A configuration without its secrets, and the secrets apart. */
export interface SplitConfiguration {
  readonly open: Configuration;
  readonly secrets: ReadonlyMap<string, Secret>;
}

export function splitSecrets(configuration: Configuration): SplitConfiguration {
  const open: Record<string, ConfigurationValue> = {};
  const secrets = new Map<string, Secret>();
  for (const [key, value] of Object.entries(configuration)) {
    if (!SENSITIVE_SETTINGS.has(key)) open[key] = value;
    // Empty or null: the client did not mean to change what it cannot read.
    else if (typeof value === 'string' && value !== '') secrets.set(key, new Secret(value));
  }
  return { open, secrets };
}

export async function sealSecrets(
  sealed: SealedSecrets,
  environmentId: Uuid,
  storeId: Uuid,
  secrets: SplitConfiguration['secrets'],
): Promise<void> {
  for (const [key, secret] of secrets) await sealed.put(environmentId, storeId, key, secret);
}
