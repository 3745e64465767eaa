/** Parts of the page that are fetched when somebody opens them, and again while that fails. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Part<Props> {
  readonly default: ComponentType<Props>;
}

const retryMs = 3_000;

/** In place of `lazy`, which leaves the whole page empty for good once a fetch has failed. */
export function later<Props extends object>(word: string, load: () => Promise<Part<Props>>): ComponentType<Props> {
  let fetched: ComponentType<Props> | undefined;
  return (props: Props) => {
    const [, setIsFetched] = useState(fetched !== undefined);
    const [failures, setFailures] = useState(0);
    useEffect(() => {
      if (fetched !== undefined) return undefined;
      let isCurrent = true;
      const fetchPart = (): void => {
        load().then(
          (part) => {
            fetched = part.default;
            if (isCurrent) setIsFetched(true);
          },
          () => isCurrent && setFailures(failures + 1),
        );
      };
      const timer = setTimeout(fetchPart, failures === 0 ? 0 : retryMs);
      return () => {
        isCurrent = false;
        clearTimeout(timer);
      };
    }, [failures]);
    const Fetched = fetched;
    if (Fetched !== undefined) return <Fetched {...props} />;
    return failures === 0 ? <p class="opening">Fetching the {word}</p> : <NotFetched word={word} />;
  };
}

/** Some browsers remember that a file was not there, and a gateway of another version has other files. */
function NotFetched({ word }: { readonly word: string }) {
  return (
    <div class="opening">
      <p role="alert">The {word} cannot be fetched at the moment. The page asks again every three seconds.</p>
      <p>
        If the gateway has got a new version,{' '}
        <button type="button" class="quiet" onClick={() => location.reload()}>
          reload the page
        </button>
      </p>
    </div>
  );
}
