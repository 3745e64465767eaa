import type { z } from 'zod';
import { pathText } from './member-path.ts';

/** A body that the control API cannot take. */
export class InvalidControl extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** `value` by `form`; throws `InvalidControl` naming the first field at fault. */
export function validated<Form extends z.ZodType>(form: Form, value: unknown): z.infer<Form> {
  const read = form.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  throw new InvalidControl(pathText([...(issue?.path ?? []), ...unknown]), issue?.message ?? '');
}
