import { expect, test } from 'vitest';
import { withoutValues } from '../../../src/execution/quoted-values.ts';

test.each([
  [
    'Variable "$a" got invalid value "x; y"; Int cannot represent non-integer value: "x; y"',
    'Variable "$a" got invalid value; Int cannot represent non-integer value.',
  ],
  [
    'Variable "$a" got invalid value { b: "x" } at "a.b"; Field "c" is not defined by type "D".',
    'Variable "$a" got invalid value at "a.b"; Field "c" is not defined by type "D".',
  ],
  [
    'Variable "$a" got invalid value "x\\" at \\"y\\"; Expected" at "a.b[0]"; Expected type "D".',
    'Variable "$a" got invalid value at "a.b[0]"; Expected type "D".',
  ],
  ['Variable "$a" got invalid value { at "secret"; }', 'Variable "$a" got invalid value.'],
  ['Variable "$a" got invalid value "x" at "a.b"; Something else: "x"', 'Variable "$a" got invalid value.'],
  ['String cannot represent a non string value: 17', 'String cannot represent a non string value.'],
  [
    'Int cannot represent non 32-bit signed integer value: 99999999999',
    'Int cannot represent non 32-bit signed integer value.',
  ],
  [
    'ID cannot represent a non-string and non-integer value: {a: "x"}',
    'ID cannot represent a non-string and non-integer value.',
  ],
  ['Value "x" does not exist in "JobState" enum.', 'The value does not exist in "JobState" enum.'],
  ['Expected value of type "[A!]!", found "x".', 'Expected value of type "[A!]!".'],
  ['Syntax Error: Expected Name, found String "x".', 'Syntax Error: Expected Name, found String.'],
  ['Field "x y" is not defined by type "D".', 'Field is not defined by type "D".'],
  ['Unexpected parameter "x" in the request body.', 'Unexpected parameter in the request body.'],
])('%s is sent without its values', (message, expected) => {
  expect(withoutValues(message)).toBe(expected);
});

test.each([
  'Cannot query field "jobz" on type "Query".',
  'Variable "$id" of required type "ID!" was not provided.',
  'Field "c" of required type "Int!" was not provided.',
  'Syntax Error: Expected Name, found "}".',
  'The argument `first` takes 1 to 200.',
])('%s is sent unchanged', (message) => {
  expect(withoutValues(message)).toBe(message);
});
