/** Bodies as the service reads them: JSON in which a null member counts as absent. */
import type { z } from 'zod';
import { pathText } from '../member-path.ts';
import { invalid } from './errors.ts';

/** Undefined for an empty body. */
export function jsonFrom(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    throw invalid('The body is not JSON.');
  }
}

/** Without the members that are null. Nulls in lists stay: they are refused, lest one file fewer should move. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

/** The body by `form`; throws `ValidationException` naming the member at fault. */
export function bodyBy<Form extends z.ZodType>(form: Form, body: unknown): z.infer<Form> {
  const read = form.safeParse(withoutNulls(body ?? {}));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw invalid(`${pathText(issue?.path ?? [])}: ${issue?.message}`);
}
