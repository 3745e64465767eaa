/** The fields of a form, by the input types of the schema. */
import types from 'virtual:input-types';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { helpOf, inOrder, isCommon, knownEntries, labelOf } from './field-words.ts';
import { useForm } from './form-context.ts';
import type { InputField } from './input-types.ts';
import { Faults, Help, PlainField } from './plain-field.tsx';
import { isValues, type Path, type Value, type Values } from './values.ts';

interface FieldsProps {
  readonly type: string;
  readonly path: Path;
  readonly values: Values;
}

/** What few people need is folded away, by name. */
export function Fields({ type, path, values }: FieldsProps) {
  const fields = inOrder(types.inputs[type] ?? []);
  const needed = fields.filter(isCommon);
  const rare = fields.filter((field) => !isCommon(field));
  const each = (field: InputField) => (
    <Field key={field.name} field={field} path={[...path, field.name]} value={values[field.name]} />
  );
  return (
    <>
      {needed.map(each)}
      {rare.length > 0 && (
        <details open={rare.some(({ name }) => values[name] !== undefined) || undefined}>
          <summary>More: {namesOf(rare)}</summary>
          {rare.map(each)}
        </details>
      )}
    </>
  );
}

function namesOf(fields: readonly InputField[]): string {
  const names = fields.slice(0, 3).map(({ name }) => inSentence(labelOf(name)));
  return fields.length > 3 ? `${names.join(', ')} and ${fields.length - 3} others` : names.join(', ');
}

/** `Keys of AWS KMS` becomes `keys of AWS KMS`, and `API key` stays. */
function inSentence(label: string): string {
  return /^[A-Z]{2}/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

interface FieldProps {
  readonly field: InputField;
  readonly path: Path;
  readonly value: Value;
}

function Field(props: FieldProps) {
  const { field } = props;
  if (knownEntries[field.name]) return <Ticks {...props} entries={knownEntries[field.name] ?? []} />;
  if (field.isList) return <ListField {...props} />;
  if (types.oneOf.includes(field.type)) return <OneOfField {...props} />;
  if (types.inputs[field.type]) return <ObjectField {...props} />;
  return <PlainField {...props} label={labelOf(field.name)} />;
}

function Legend({ field }: { readonly field: InputField }) {
  return (
    <legend>
      {labelOf(field.name)}
      {!field.isRequired && <small> (optional)</small>}
    </legend>
  );
}

function ObjectField({ field, path, value }: FieldProps) {
  return (
    <fieldset>
      <Legend field={field} />
      <Help text={helpOf(field)} />
      <Faults path={path} />
      <Fields type={field.type} path={path} values={isValues(value) ? value : {}} />
    </fieldset>
  );
}

/** Exactly one of its fields is sent: choosing another forgets the first. */
function OneOfField({ field, path, value }: FieldProps) {
  const { change } = useForm();
  const fields = types.inputs[field.type] ?? [];
  const [chosenName = ''] = Object.keys(isValues(value) ? value : {});
  const chosen = fields.find(({ name }) => name === chosenName);
  return (
    <fieldset>
      <Legend field={field} />
      <Help text={helpOf(field)} />
      <Faults path={path} />
      <div class="actions">
        {!field.isRequired && (
          <label class="check">
            <input type="radio" name={path.join('.')} checked={!chosen} onChange={() => change(path, undefined)} />
            None
          </label>
        )}
        {fields.map(({ name }) => (
          <label key={name} class="check">
            <input
              type="radio"
              name={path.join('.')}
              checked={name === chosenName}
              onChange={() => change(path, { [name]: '' })}
            />
            {labelOf(name)}
          </label>
        ))}
      </div>
      {chosen && (
        <PlainField
          key={chosenName}
          field={{ ...chosen, isRequired: true }}
          path={[...path, chosenName]}
          value={isValues(value) ? value[chosenName] : undefined}
          label={labelOf(chosenName)}
        />
      )}
    </fieldset>
  );
}

function Ticks({ field, path, value, entries }: FieldProps & { readonly entries: readonly string[] }) {
  const { change } = useForm();
  const ticked = Array.isArray(value) ? (value as readonly Value[]) : [];
  return (
    <fieldset>
      <Legend field={field} />
      <Help text={helpOf(field)} />
      <div class="actions">
        {entries.map((entry) => (
          <label key={entry} class="check">
            <input
              type="checkbox"
              checked={ticked.includes(entry)}
              onChange={({ currentTarget: { checked } }) =>
                change(
                  path,
                  entries.filter((each) => (each === entry ? checked : ticked.includes(each))),
                )
              }
            />
            <code>{entry}</code>
          </label>
        ))}
      </div>
      <Faults path={path} />
    </fieldset>
  );
}

function ListField({ field, path, value }: FieldProps) {
  const { change } = useForm();
  const known = Array.isArray(value) ? (value as readonly Value[]) : [];
  const entries = known.length === 0 && field.isRequired ? [undefined] : known;
  const isObject = types.inputs[field.type] !== undefined;
  const list = useRef<HTMLFieldSetElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const isAdding = useRef(false);
  useLayoutEffect(() => {
    if (isAdding.current)
      list.current?.querySelector<HTMLElement>(':scope > .entry:last-of-type :is(input, select)')?.focus();
    isAdding.current = false;
  }, [entries.length]);
  return (
    <fieldset ref={list}>
      <Legend field={field} />
      <Help text={helpOf(field)} />
      <Faults path={path} />
      {entries.map((entry, index) => (
        // An entry is its place: it has no identity of its own.
        <div class="entry" key={index}>
          {isObject ? (
            <Fields type={field.type} path={[...path, index]} values={isValues(entry) ? entry : {}} />
          ) : (
            <PlainField
              field={{ ...field, description: '', isRequired: true }}
              path={[...path, index]}
              value={entry}
              label={`${labelOf(field.name)}, ${index + 1}`}
            />
          )}
          {(entries.length > 1 || !field.isRequired) && (
            <button
              type="button"
              class="quiet"
              onClick={() => {
                const rest = entries.filter((_, other) => other !== index);
                change(path, rest);
                // This button goes with its entry.
                add.current?.focus();
              }}
            >
              Remove {entries.length > 1 && `number ${index + 1}`}
            </button>
          )}
        </div>
      ))}
      <button
        ref={add}
        type="button"
        class="quiet"
        onClick={() => {
          isAdding.current = true;
          change(path, [...entries, undefined]);
        }}
      >
        Add {entries.length === 0 ? 'one' : 'another'}
      </button>
    </fieldset>
  );
}
