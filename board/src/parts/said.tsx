/** What became of an action. It takes the focus where the button that had it is gone, so that no keyboard begins anew. */
import { useEffect, useRef } from 'preact/hooks';

export function Said({ text }: { readonly text: string }) {
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (text !== '' && document.activeElement === document.body) said.current?.focus({ preventScroll: true });
  }, [text]);
  return (
    <p ref={said} role="status" tabIndex={-1}>
      {text}
    </p>
  );
}
