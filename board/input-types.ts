/** A Vite plugin: the input types of the schema as data, so that forms have its words, and no introspection is needed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Plugin } from 'vite';
import type { InputField, InputTypes } from './src/create/input-types.ts';

const name = 'virtual:input-types';
const roots = ['DataExchangeJobDetailsInput', 'ImportExportManifestInput'];

export function inputTypes(): Plugin {
  const file = join(import.meta.dirname, '..', 'schema.graphql');
  return {
    name: 'waybill-input-types',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined;
      this.addWatchFile(file);
      return `export default ${JSON.stringify(typesIn(await readFile(file, 'utf8')))}`;
    },
  };
}

function typesIn(text: string): InputTypes {
  const schema = buildSchema(text);
  const inputs: Record<string, readonly InputField[]> = {};
  const enums: Record<string, readonly string[]> = {};
  const oneOf: string[] = [];
  const add = (type: GraphQLInputObjectType): void => {
    if (inputs[type.name]) return;
    const fields = Object.values(type.getFields());
    inputs[type.name] = fields.map(fieldFrom);
    if (type.isOneOf) oneOf.push(type.name);
    for (const { type: fieldType } of fields) {
      const named = getNamedType(fieldType);
      if (isInputObjectType(named)) add(named);
      if (isEnumType(named)) enums[named.name] = named.getValues().map((value) => value.name);
    }
  };
  for (const root of roots) {
    const type = schema.getType(root);
    if (!isInputObjectType(type)) throw new Error(`expected the input ${root} in the schema`);
    add(type);
  }
  return { inputs, enums, oneOf };
}

function fieldFrom({ name: fieldName, type, description, defaultValue }: GraphQLInputField): InputField {
  const isRequired = isNonNullType(type) && defaultValue === undefined;
  const bare = isNonNullType(type) ? type.ofType : type;
  return {
    name: fieldName,
    type: getNamedType(type).name,
    isList: isListType(bare),
    isRequired,
    description: description ?? '',
    ...(defaultValue !== undefined && { defaultValue }),
  };
}
