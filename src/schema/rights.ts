/** What a field asks of its caller. Each type says it for its fields; a field says it where it asks for more. */

/** What jobs are and how they go. */
export const reading = { 'jobs:read': true } as const;

/** To create, start, change and cancel them. Also to read: who may not is told so before anything is done, not after it. */
export const writing = { $all: { ...reading, 'jobs:write': true } } as const;

/** What is a credential, or says where people live. */
export const secret = { 'jobs:secrets': true } as const;
