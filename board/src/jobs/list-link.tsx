/** A link to the list with a filter. */
import type { ComponentChildren } from 'preact';
import { useLocation } from 'wouter-preact';
import { type Filter, searchFrom } from './filter.ts';

interface Props {
  readonly filter: Filter;
  readonly children: ComponentChildren;
}

/** The router's own links would have the filter behind the `#`, where a new tab does not look for it. */
export function ListLink({ filter, children }: Props) {
  const [, navigate] = useLocation();
  const search = `?${searchFrom(filter)}`;
  return (
    <a
      href={`${search}#/`}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(`/${search}`);
      }}
    >
      {children}
    </a>
  );
}
