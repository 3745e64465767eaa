/** Connections that are kept alive and closed all the same, as servers and balancers do at any time (RFC 9112, 9.5 and 9.6). */
import type { Choices } from './choices.ts';

export type ConnectionEnd =
  /** Unanswered, right as it is used again. */
  | 'unanswered'
  /** After the answer, which says so by `Connection: close`. */
  | 'announced'
  /** After the answer, which did not say so. */
  | 'silent';

/** Only of requests to the services: control API and signed URLs are for people and tests, whose clients need not send again. */
const servicePath = /^\/(?:v1\/|\?|$)/;

export class Connections {
  readonly #choices: Choices;
  #requests = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** How the connection of this request ends with it, if it does. `isUsed`: it has served another one before. */
  endOf(path: string, isUsed: boolean): ConnectionEnd | undefined {
    if (!servicePath.test(path)) return undefined;
    this.#requests += 1;
    const fraction = this.#choices.fraction('connection', this.#requests);
    if (fraction < 0.1) return isUsed ? 'unanswered' : undefined;
    if (fraction < 0.2) return 'announced';
    return fraction < 0.3 ? 'silent' : undefined;
  }
}
