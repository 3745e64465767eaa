/** The faults of the settings. */

/** Thrown by `configFrom`; each fault names its variable, what was expected and what arrived. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}
