/** Copies what the page does, for a script or a colleague. */
import { useCopied } from './copied.ts';

interface Props {
  readonly query: string;
  readonly variables: object;
}

export function CopyAsGraphQL({ query, variables }: Props) {
  const text = `${query}\n\n# Variables:\n# ${JSON.stringify(variables)}\n`;
  const [isCopied, copy] = useCopied(text, 'The operation');
  return (
    <button type="button" class="quiet" onClick={copy}>
      {isCopied ? 'Copied' : 'Copy as GraphQL'}
    </button>
  );
}
