/** Custom scalars. */
import { dateTimeFrom, dateTimeText } from '../resolvers/date-time.ts';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description:
    'An instant in RFC 3339 form, such as `2026-01-31T09:30:00.125Z`. Results have milliseconds and are always in UTC; inputs may have any offset, as in `2026-01-31T10:30:00+01:00`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: dateTimeText,
  parseValue: dateTimeFrom,
});
