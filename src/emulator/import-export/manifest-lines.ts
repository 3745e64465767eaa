/** Splits a manifest into lines with their indentation, without comments, for every kind of line end. */
export interface Line {
  readonly indent: number;
  /** Without white space around it. */
  readonly text: string;
  /** As received, for block texts. */
  readonly raw: string;
}

export function linesFrom(manifest: string): readonly Line[] {
  return manifest.split(/\r\n|\r|\n/).map((raw) => {
    const text = withoutComment(raw.trim());
    return { indent: raw.length - raw.trimStart().length, text, raw };
  });
}

/** Whether the line is empty, a comment, or one of YAML's document markers. */
export function isBlank({ text }: Line): boolean {
  return text === '' || text === '---' || text === '...';
}

/** A `#` begins a comment at the start or after a space, though not in a quoted value. */
function withoutComment(text: string): string {
  if (text.startsWith('#')) return '';
  const [quoted] = /^[^\s"'][^"']*:\s*("(\\.|[^"\\])*"|'(''|[^'])*')(?=\s|$)/.exec(text) ?? [''];
  const comment = text.slice(quoted.length).search(/\s#/);
  return comment === -1 ? text : text.slice(0, quoted.length + comment).trim();
}
