/** Copies a text, and says so for a moment. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from './announcer.tsx';

const shownMs = 2_000;

/** Whether the text was just copied, and what copies it. */
export function useCopied(text: string, name: string): readonly [boolean, () => void] {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => {
    write(text).then(
      () => {
        setIsCopied(true);
        announce(`${name} is copied`);
      },
      () => announce(`${name} could not be copied`),
    );
  };
  return [isCopied, copy];
}

/** Browsers lend the clipboard to pages with TLS and to those of this machine. */
async function write(text: string): Promise<void> {
  if (navigator.clipboard === undefined) throw new Error('expected a clipboard');
  await navigator.clipboard.writeText(text);
}
