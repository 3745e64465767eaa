/** Copies what the page has just done, for a script or a colleague. */
import { useState } from 'preact/hooks';

interface Props {
  readonly query: string;
  readonly variables: object;
}

export function CopyAsGraphQL({ query, variables }: Props) {
  const [isCopied, setIsCopied] = useState(false);
  const text = `${query}\n\n# Variables:\n# ${JSON.stringify(variables)}\n`;
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setIsCopied(true),
          () => setIsCopied(false),
        );
      }}
    >
      {isCopied ? 'Copied' : 'Copy as GraphQL'}
    </button>
  );
}
