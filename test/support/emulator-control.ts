/** Asks the emulator what it was asked, and changes it behind the gateway's back. */

/** The emulator's control API. */
export class EmulatorControl {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** The calls of each operation since the last `forgetRequests`. */
  async requests(): Promise<Record<string, number>> {
    return (await fetch(`${this.url}/_emulator/requests`)).json() as Promise<Record<string, number>>;
  }

  async forgetRequests(): Promise<void> {
    await fetch(`${this.url}/_emulator/requests`, { method: 'DELETE' });
  }

  seed(counts: {
    dataExchange?: number;
    importExport?: number;
  }): Promise<{ dataExchange: string[]; importExport: string[] }> {
    return this.#post('/_emulator/seed', counts) as Promise<{ dataExchange: string[]; importExport: string[] }>;
  }

  move(awsJobId: string, state: Record<string, unknown>): Promise<unknown> {
    return this.#post(`/_emulator/jobs/${awsJobId}`, state);
  }

  /** As the service does after 90 days. */
  async remove(awsJobId: string): Promise<void> {
    await fetch(`${this.url}/_emulator/jobs/${awsJobId}`, { method: 'DELETE' });
  }

  fail(operation: string, fault: Record<string, unknown>, times = 1): Promise<unknown> {
    return this.#post('/_emulator/faults', { operation, times, fault });
  }

  async heal(): Promise<void> {
    await fetch(`${this.url}/_emulator/faults`, { method: 'DELETE' });
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
