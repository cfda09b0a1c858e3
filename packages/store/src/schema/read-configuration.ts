import { CodedError, type Configuration, type ConfigurationValue } from '@sallyport/model';
import { readObject } from './decode.ts';

function isConfigurationValue(value: unknown): value is ConfigurationValue {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (Array.isArray(value) && value.every((one) => typeof one === 'string'))
  );
}

export function readConfiguration(cell: unknown): Configuration {
  const configuration: Record<string, ConfigurationValue> = {};
  for (const [key, value] of Object.entries(readObject(cell))) {
    if (!isConfigurationValue(value))
      throw new CodedError(
        'STORE_CORRUPT',
        `The database holds a configuration whose ${key} is no plain value`,
      );
    configuration[key] = value;
  }
  return configuration;
}
