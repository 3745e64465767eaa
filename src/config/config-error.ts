/** The faults of the settings. */
import { scrubbed } from '../base/scrub.ts';

/**
 * Thrown by `configFrom`; each fault names its variable, what was expected and what arrived. It is printed as it is: what
 * arrived has to be `received`.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/**
 * `value` for a fault: in quotes, without secrets. The fault as a whole is not scrubbed, since names of settings and their
 * ranges look like labels and numbers that belong to secrets.
 */
export function received(value: string | undefined): string {
  if (value === undefined) return 'none';
  if (value.includes('@')) return 'a value with an @';
  return JSON.stringify(/^[\d.]+$/.test(value) ? value : scrubbed(value));
}
