/** Thrown for what was typed. The message says what was expected and what arrived. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Throws `UsageError` for any argument, for a command that takes none: a setting must not be ignored because it was typed as a flag. */
export function expectNoArguments(command: string, argv: readonly string[]): void {
  const [first] = argv;
  if (first === undefined) return;
  const advice = first.startsWith('-') ? ' Settings are environment variables.' : '';
  throw new UsageError(`${command}: expected no arguments, received ${JSON.stringify(first)}.${advice}`);
}
