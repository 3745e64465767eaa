/** A member that a caller may leave out or give as null, to the same effect. */
export type Maybe<T> = T | null | undefined;
