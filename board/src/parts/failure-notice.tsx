/** What went wrong with something that the page does not show, above the page. */
import type { ComponentChildren } from 'preact';
import { Link } from 'wouter-preact';

interface Props {
  /** Leads to where it went wrong. */
  readonly href: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function FailureNotice({ href, title, onClose, children }: Props) {
  return (
    <p role="alert" class="failure">
      <Link href={href}>{title}</Link>: {children}{' '}
      <button type="button" class="quiet" onClick={onClose}>
        Close
      </button>
    </p>
  );
}
