/** Describes an unexpected error by its kind and stack, never by its message, which may quote a request. */

/** Max frames of one error, and max errors in a chain of causes. */
const maxFrames = 20;
const maxCauses = 4;

export function unexpected(error: unknown): string {
  return `unexpected: ${factsOf(error, maxCauses)}`;
}

function factsOf(error: unknown, causesLeft: number): string {
  if (!(error instanceof Error)) return `a ${typeof error} was thrown`;
  const cause =
    error.cause === undefined || causesLeft === 0 ? [] : [`caused by ${factsOf(error.cause, causesLeft - 1)}`];
  return [nameOf(error), ...framesOf(error), ...cause].join('\n');
}

/** The name of an error may have been set to anything. */
function nameOf({ name }: Error): string {
  return typeof name === 'string' && /^[A-Z][A-Za-z]{0,49}$/.test(name) ? name : 'Error';
}

/** A message may look like frames, so the message in the stack is skipped first. */
function framesOf({ stack, message }: Error): readonly string[] {
  if (typeof stack !== 'string') return [];
  const end = typeof message === 'string' && message !== '' ? stack.lastIndexOf(message) + message.length : 0;
  return stack
    .slice(Math.max(0, end))
    .split('\n')
    .filter((line) => /^ {4}at [^\n]{1,300}$/.test(line))
    .slice(0, maxFrames);
}
