/** The heading of a page: it names the tab, and has the focus after somebody has come from another page. */
import { useEffect, useRef } from 'preact/hooks';
import { useKeptScroll } from './scroll.ts';

let hasOpened = false;

interface Props {
  readonly title: string;
  readonly class?: string;
}

export function Heading({ title, class: name }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useKeptScroll(title);
  useEffect(() => {
    document.title = `${title} · Waybill`;
  }, [title]);
  useEffect(() => {
    // The browser itself begins at the top of the first page.
    if (hasOpened) heading.current?.focus({ preventScroll: true });
    hasOpened = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={name}>
      {title}
    </h1>
  );
}
