/** An id of AWS, short enough for a line; a click copies the whole of it. */
import { useCopied } from './copied.ts';

/** Ids of Import/Export have 5 characters and those of Data Exchange 32, of which the first tell jobs apart. */
const shownLength = 8;

export function AwsId({ id, isWhole = false }: { readonly id: string; readonly isWhole?: boolean }) {
  const [isCopied, copy] = useCopied(id, 'The id');
  const shown = isWhole || id.length <= shownLength ? id : `${id.slice(0, shownLength)}…`;
  return (
    <button type="button" class="id" title={`${id}: click to copy`} aria-label={`Copy the id ${id}`} onClick={copy}>
      <code>{isCopied ? 'Copied' : shown}</code>
    </button>
  );
}
