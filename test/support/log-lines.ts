/** What a gateway of its own process complained of. */

/** The lines that are not records of the level `info`: complaints, and whatever is no record at all. */
export function complaintsIn(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !isInfo(line));
}

function isInfo(line: string): boolean {
  try {
    return (JSON.parse(line) as { readonly level?: unknown }).level === 'info';
  } catch {
    return false;
  }
}
