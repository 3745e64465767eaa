/** The scopes that fields require. Each type has them for its fields; a field has its own where it requires more. */

/** For jobs and their states. */
export const reading = { 'jobs:read': true } as const;

/** For creating, starting, changing and cancelling. Includes reading: a caller who may not read is refused before the write. */
export const writing = { $all: { ...reading, 'jobs:write': true } } as const;

/** For credentials and postal addresses. */
export const secret = { 'jobs:secrets': true } as const;
