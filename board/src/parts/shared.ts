/** A value that several parts of the page show, whichever page it is. */
import { useEffect, useState } from 'preact/hooks';

export interface Shared<Value> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  /** Renders the caller again after each `set`. */
  readonly use: () => Value;
}

export function createShared<Value>(initial: Value): Shared<Value> {
  let present = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => present,
    set: (value) => {
      present = value;
      for (const listener of listeners) listener();
    },
    use: () => {
      const [, render] = useState({});
      useEffect(() => {
        const listener = (): void => render({});
        // It may have changed since it was rendered.
        listener();
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      }, []);
      return present;
    },
  };
}
