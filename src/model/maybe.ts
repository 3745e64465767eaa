/** A member that a caller may leave out or set to null, with the same effect. */
export type Maybe<T> = T | null | undefined;
