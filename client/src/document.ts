/** What the text of an operation says about it. */
import type { SubscribePayload } from 'graphql-ws';

export type OperationType = 'query' | 'mutation' | 'subscription';

/** Block strings, strings and comments. */
const notCode = /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*/g;
/** A default value of a variable has braces too. */
const parentheses = /\([^()]*\)/g;
const innermostBraces = /\{[^{}]*\}/g;
const definition = /(?:^|;)\s*(query|mutation|subscription)\b\s*(\w*)/g;

/** The type of the operation that `payload` runs. Undefined if the payload has no text: a trusted document has only an id. */
export function operationTypeOf({ query, operationName }: SubscribePayload): OperationType | undefined {
  if (!query) return undefined;
  let text = query.replace(notCode, ' ');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(innermostBraces, ';');
  }
  for (const [, type, name] of text.matchAll(definition))
    if (!operationName || name === operationName) return type as OperationType;
  return 'query';
}

/** The name that the first root field of the subscription has in results. */
export function firstFieldOf({ query }: SubscribePayload): string | undefined {
  const text = query?.replace(notCode, ' ').replace(parentheses, '');
  return /\bsubscription\b[^{]*\{\s*(\w+)/.exec(text ?? '')?.[1];
}
