/** Begins each page at its top, and a page that somebody comes back to where they left it. */
import { useLayoutEffect } from 'preact/hooks';

let isReturn = false;
addEventListener('popstate', () => {
  isReturn = true;
});

const places = new Map<string, number>();

/** The browser's own restoring comes too early: the page is not rendered yet. */
export function useKeptScroll(page: string): void {
  useLayoutEffect(() => {
    scrollTo(0, isReturn ? (places.get(page) ?? 0) : 0);
    isReturn = false;
    return () => {
      places.set(page, scrollY);
    };
  }, []);
}
