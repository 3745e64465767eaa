/** Closes kept-alive connections early, as servers and balancers may at any time (RFC 9112, 9.5 and 9.6). */
import type { Choices } from './choices.ts';

export type ConnectionEnd =
  /** Without a response, when the connection is used again. */
  | 'unanswered'
  /** After a response with `Connection: close`. */
  | 'announced'
  /** After a response without it. */
  | 'silent';

/**
 * Only requests to the services: people and tests use the control API and signed URLs by clients that need not retry.
 */
const servicePath = /^\/(?:v1\/|\?|$)/;

export class Connections {
  readonly #choices: Choices;
  #requests = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** How the connection ends with this request, if it does. `isUsed` means that it has served an earlier request. */
  endOf(path: string, isUsed: boolean): ConnectionEnd | undefined {
    if (!servicePath.test(path)) return undefined;
    this.#requests += 1;
    const fraction = this.#choices.fraction('connection', this.#requests);
    if (fraction < 0.1) return isUsed ? 'unanswered' : undefined;
    if (fraction < 0.2) return 'announced';
    return fraction < 0.3 ? 'silent' : undefined;
  }
}
