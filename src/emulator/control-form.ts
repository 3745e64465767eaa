import type { z } from 'zod';
import { pathText } from './member-path.ts';

/** Thrown for a body that the control API does not accept. */
export class InvalidControl extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** `value` parsed by `form`; throws `InvalidControl` with the first invalid field. */
export function validated<Form extends z.ZodType>(form: Form, value: unknown): z.infer<Form> {
  const result = form.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  throw new InvalidControl(pathText([...(issue?.path ?? []), ...unknown]), issue?.message ?? '');
}
