/** A value in the `configuration` object of a store or rule, as clients send it. */
export type ConfigurationValue = string | number | boolean | null | readonly string[];
export type Configuration = Readonly<Record<string, ConfigurationValue>>;

/** A fault in a configuration: which key, what was found, what was expected. */
export interface ConfigurationFault {
  readonly key: string;
  readonly message: string;
}

/** Reads keys one by one and collects every fault, so that a client sees them all at once. */
export class ConfigurationReader {
  readonly #configuration: Configuration;
  readonly faults: ConfigurationFault[] = [];

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  #present(key: string): ConfigurationValue | undefined {
    const value = this.#configuration[key];
    return value === null || value === '' ? undefined : value;
  }

  fault(key: string, message: string): void {
    this.faults.push({ key, message });
  }

  text(key: string): string | undefined {
    const value = this.#present(key);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.fault(key, `${key} must be a text, found a list`);
    return undefined;
  }

  requiredText(key: string): string {
    const value = this.text(key);
    if (value === undefined) this.fault(key, `${key} is required`);
    return value ?? '';
  }

  /** Booleans arrive as booleans or as the texts "true" and "false" (a map of texts is all some clients can send). */
  boolean(key: string): boolean | undefined {
    const value = this.#present(key);
    if (value === undefined || typeof value === 'boolean') return value;
    const text = String(value).trim().toLowerCase();
    if (text === 'true') return true;
    if (text === 'false') return false;
    this.fault(key, `${key} must be true or false, found ${JSON.stringify(value)}`);
    return undefined;
  }

  integer(key: string, minimum: number, maximum: number): number | undefined {
    const value = this.#present(key);
    if (value === undefined) return undefined;
    const number = typeof value === 'number' ? value : Number(String(value).trim());
    if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
    this.fault(
      key,
      `${key} must be a whole number from ${minimum} to ${maximum}, found ${JSON.stringify(value)}`,
    );
    return undefined;
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.#present(key);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice.toLowerCase() === String(value).trim().toLowerCase());
    if (found === undefined)
      this.fault(key, `${key} must be one of ${choices.join(', ')}, found ${JSON.stringify(value)}`);
    return found;
  }
}
