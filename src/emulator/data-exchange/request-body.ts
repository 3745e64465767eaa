/** Parses JSON bodies, in which null counts as absent. */
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

/** Removes null members. Nulls in lists stay and are refused, since dropping one would move one file fewer. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

/** The body parsed by `form`; throws `ValidationException` with the invalid member. */
export function bodyBy<Form extends z.ZodType>(form: Form, body: unknown): z.infer<Form> {
  const result = form.safeParse(withoutNulls(body ?? {}));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`${pathText(issue?.path ?? [])}: ${issue?.message}`);
}
