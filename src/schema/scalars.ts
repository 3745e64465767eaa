/** Custom scalars. */
import { dateTimeText } from '../resolvers/date-time.ts';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description: 'An instant in RFC 3339 form with milliseconds, always in UTC, such as `2026-01-31T09:30:00.125Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: dateTimeText,
});
