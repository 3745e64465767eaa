/**
 * Removes the quoted values from messages about faulty requests. Names help the client's author; values may be secrets.
 */

/** The beginnings of the graphql-js 16 errors that follow the value of a variable. */
const beginnings = '(?:[A-Z]\\w* (?:"\\w+" )?cannot represent|Value "|Field "|Expected |Exactly one )';

const path = 'at "[\\w.[\\]]{1,200}"';

/**
 * The messages of graphql-js 16 and of Yoga. Where the end of a value cannot be recognised, the rest of the message is
 * removed.
 */
const quotations: readonly (readonly [RegExp, string])[] = [
  // The path has only names of the schema. A value never begins as it does.
  [new RegExp(`(got invalid value) (?!${path})[\\s\\S]*?( ${path})?; (?=${beginnings})`), '$1$2; '],
  [new RegExp(`(got invalid value) (?!; |${path}; )[\\s\\S]*$`), '$1.'],
  [/(cannot represent (?:a |an )?[\w. -]{0,60}?(?:value|integer|literal))(?:: |, )[\s\S]*$/i, '$1.'],
  [/(Expected value of type "[\w[\]!]{1,100}"), found [\s\S]*$/, '$1.'],
  [/Value "[\s\S]*" (does not exist in)/, 'The value $1'],
  [/\b(String|BlockString|Int|Float) "[\s\S]*"/, '$1'],
  [/(Field) "(?![_A-Za-z]\w{0,63}" )[\s\S]*?" (is not defined by type)/, '$1 $2'],
  [/(Unexpected parameter) "[\s\S]*" (in the request body)/, '$1 $2'],
];

/** `message` without the values that it quotes, and with every name of the schema. */
export function withoutValues(message: string): string {
  return quotations.reduce((rest, [quotation, replacement]) => rest.replace(quotation, replacement), message);
}
