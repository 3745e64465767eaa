/** The shape of the input types, as the build reads them from the schema. */

export interface InputField {
  readonly name: string;
  /** A scalar, an enum or an input type. */
  readonly type: string;
  readonly isList: boolean;
  readonly isRequired: boolean;
  readonly description: string;
  readonly defaultValue?: unknown;
}

export interface InputTypes {
  readonly inputs: Readonly<Record<string, readonly InputField[]>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
  /** Inputs of which exactly one field is set. */
  readonly oneOf: readonly string[];
}
