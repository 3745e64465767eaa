/** What a message about a faulty request repeats of its values: names help whoever wrote it, values may be anybody's secret. */

/** How the faults of graphql 16 begin that stand behind a value of a variable. */
const beginnings = '(?:[A-Z]\\w* (?:"\\w+" )?cannot represent|Value "|Field "|Expected |Exactly one )';

/** In the words of graphql 16 and of Yoga. Of a value that may end anywhere, all that follows is left out. */
const quotations: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(got invalid value) [\\s\\S]*?; (?=${beginnings})`), '$1; '],
  [/(got invalid value) (?!; )[\s\S]*$/, '$1.'],
  [/(cannot represent (?:a |an )?[\w. -]{0,60}?(?:value|integer|literal))(?:: |, )[\s\S]*$/i, '$1.'],
  [/(Expected value of type "[\w[\]!]{1,100}"), found [\s\S]*$/, '$1.'],
  [/Value "[\s\S]*" (does not exist in)/, 'The value $1'],
  [/\b(String|BlockString|Int|Float) "[\s\S]*"/, '$1'],
  [/(Field) "(?![_A-Za-z]\w{0,63}" )[\s\S]*?" (is not defined by type)/, '$1 $2'],
  [/(Unexpected parameter) "[\s\S]*" (in the request body)/, '$1 $2'],
];

/** `message` with the values gone that it quotes, and every name of the schema kept. */
export function withoutValues(message: string): string {
  return quotations.reduce((rest, [quotation, replacement]) => rest.replace(quotation, replacement), message);
}
