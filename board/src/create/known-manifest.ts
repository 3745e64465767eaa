/** Reads a manifest into the values of a form: what is shown of it, as its secrets are not. */
import types from 'virtual:input-types';
import { parse } from 'yaml';
import type { InputField } from './input-types.ts';
import type { Value, Values } from './values.ts';

export interface KnownManifest {
  readonly values: Values;
  /** Fields that the manifest has, and of which nobody is shown the value. */
  readonly secrets: ReadonlySet<string>;
  /** Its members that the form has no field for. */
  readonly others: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;

const secretNames = ['pinCode', 'trueCryptPassword'] as const;

/** Members that the gateway writes itself, or takes from fields of other names. */
const written = ['manifestVersion', 'generator', 'accessKeyId', 'notificationEmail', 'operations', ...secretNames];

/** Undefined if the text cannot be read: the service accepts forms that no parser of YAML does. */
export function knownManifest(text: string, inputType: string): KnownManifest | undefined {
  const members = membersIn(text);
  if (members === undefined) return undefined;
  const fields = fieldsFrom(members);
  const names = new Set([...written, ...(types.inputs[inputType] ?? []).map(({ name }) => name)]);
  return {
    values: valuesFrom(inputType, fields),
    secrets: new Set(secretNames.filter((name) => name in members)),
    others: Object.keys(members).filter((name) => !names.has(name)),
  };
}

function membersIn(text: string): Members | undefined {
  try {
    // Without types, as `yes`, `2.0` and `250.00` are texts to the service. Nobody's manifest has aliases.
    const document: unknown = parse(text, { schema: 'failsafe', maxAliasCount: 0, logLevel: 'error' });
    return isMembers(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By the names of the schema, where those of the service differ. */
function fieldsFrom(members: Members): Members {
  const { notificationEmail, contentTypes, customs, operations } = members;
  const secret = secretNames.find((name) => name in members);
  // The only operation of an import to Glacier has its fields; those of exports stay where they are.
  const [first] = Array.isArray(operations) ? operations : [];
  return {
    ...(isMembers(first) && first),
    ...members,
    ...(typeof notificationEmail === 'string' && { notificationEmails: notificationEmail.split(';') }),
    ...(isMembers(contentTypes) && { contentTypes: contentTypesFrom(contentTypes) }),
    ...(isMembers(customs) && { customs: { ...customs, deviceHts: customs['deviceHTS'] } }),
    ...(secret && { encryption: { [secret]: '' } }),
  };
}

function contentTypesFrom(contentTypes: Members) {
  return Object.entries(contentTypes).map(([extension, contentType]) => ({ extension, contentType }));
}

function valuesFrom(type: string, members: Members): Values {
  const entries = (types.inputs[type] ?? []).map(
    (field) => [field.name, valueFrom(field, members[field.name])] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function valueFrom(field: InputField, value: unknown): Value {
  if (!field.isList) return singleOf(field.type, value);
  return Array.isArray(value) ? value.map((each: unknown) => singleOf(field.type, each)) : undefined;
}

function singleOf(type: string, value: unknown): Value {
  if (types.inputs[type]) return isMembers(value) ? valuesFrom(type, value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (type === 'Boolean') return /^(yes|true)$/i.test(value);
  return types.enums[type] ? enumFrom(type, value) : value;
}

/** `expeditedShipping` is `EXPEDITED_SHIPPING`. */
function enumFrom(type: string, value: string): Value {
  const name = value.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
  return types.enums[type]?.includes(name) ? name : undefined;
}
