/** An id of AWS, short enough for a line; a click copies the whole of it. */
import { useCopied } from './copied.ts';

export function AwsId({ id, isWhole = false }: { readonly id: string; readonly isWhole?: boolean }) {
  const [isCopied, copy] = useCopied(id, 'The id');
  return (
    <button type="button" class="id" title={`${id}: click to copy`} aria-label={`Copy the id ${id}`} onClick={copy}>
      {/* Cut by the style: what a screen reader says has to contain what is seen. */}
      <code class={isWhole || isCopied ? undefined : 'is-short'}>{isCopied ? 'Copied' : id}</code>
    </button>
  );
}
