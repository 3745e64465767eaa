/** The fields of a form, by the input types of the schema. */

import types from 'virtual:input-types';
import { createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import type { InputField } from './input-types.ts';
import { AssetPicker, OwnedDataSetPicker, RevisionPicker } from './pickers.tsx';
import { isValues, type Path, type Value, type Values } from './values.ts';

export interface Fault {
  readonly field: readonly string[] | null;
  readonly message: string;
}

export interface Form {
  readonly change: (path: Path, value: Value) => void;
  /** The faults at a path of the input. */
  readonly faultsAt: (path: Path) => readonly Fault[];
  /** Whether data sets, revisions and assets can be picked. */
  readonly mayPick: boolean;
  readonly mayPublish: boolean;
}

export const FormContext = createContext<Form | undefined>(undefined);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (form === undefined) throw new Error('expected a form around its fields');
  return form;
}

interface FieldsProps {
  readonly type: string;
  readonly path: Path;
  readonly values: Values;
}

/** Required fields first; what few people need is behind one button. */
export function Fields({ type, path, values }: FieldsProps) {
  const fields = types.inputs[type] ?? [];
  const needed = fields.filter(({ isRequired }) => isRequired);
  const optional = fields.filter(({ isRequired }) => !isRequired);
  const each = (field: InputField) => (
    <Field key={field.name} field={field} path={[...path, field.name]} value={values[field.name]} siblings={values} />
  );
  return (
    <>
      {needed.map(each)}
      {optional.length > 0 && (
        <details open={optional.some(({ name }) => values[name] !== undefined) || undefined}>
          <summary>
            {needed.length > 0 ? `${optional.length} more that can be left out` : 'All can be left out'}
          </summary>
          {optional.map(each)}
        </details>
      )}
    </>
  );
}

interface FieldProps {
  readonly field: InputField;
  readonly path: Path;
  readonly value: Value;
  readonly siblings: Values;
}

function Field({ field, path, value, siblings }: FieldProps) {
  if (field.isList) return <ListField field={field} path={path} value={value} siblings={siblings} />;
  if (types.inputs[field.type]) return <ObjectField field={field} path={path} value={value} />;
  return <PlainField field={field} path={path} value={value} siblings={siblings} label={labelOf(field.name)} />;
}

function ObjectField({ field, path, value }: Omit<FieldProps, 'siblings'>) {
  return (
    <fieldset>
      <legend>{labelOf(field.name)}</legend>
      <Help text={field.description} />
      <Faults path={path} />
      <Fields type={field.type} path={path} values={isValues(value) ? value : {}} />
    </fieldset>
  );
}

function ListField({ field, path, value, siblings }: FieldProps) {
  const { change } = useForm();
  const entries = Array.isArray(value) ? (value as readonly Value[]) : field.isRequired ? [undefined] : [];
  const isObject = types.inputs[field.type] !== undefined;
  return (
    <fieldset>
      <legend>{labelOf(field.name)}</legend>
      <Help text={field.description} />
      <Faults path={path} />
      {entries.map((entry, index) => (
        // An entry is its place: it has no identity of its own.
        <div class="entry" key={index}>
          {isObject ? (
            <Fields type={field.type} path={[...path, index]} values={isValues(entry) ? entry : {}} />
          ) : (
            <PlainField
              field={{ ...field, description: '' }}
              path={[...path, index]}
              value={entry}
              siblings={siblings}
              label={`${labelOf(field.name)}, ${index + 1}`}
            />
          )}
          <button
            type="button"
            class="quiet"
            onClick={() =>
              change(
                path,
                entries.filter((_, other) => other !== index),
              )
            }
          >
            Remove
          </button>
        </div>
      ))}
      <button type="button" class="quiet" onClick={() => change(path, [...entries, undefined])}>
        Add {labelOf(field.name).toLowerCase()}
      </button>
    </fieldset>
  );
}

interface PlainProps extends FieldProps {
  readonly label: string;
}

function PlainField({ field, path, value, siblings, label }: PlainProps) {
  const { change, faultsAt, mayPick, mayPublish } = useForm();
  const id = useId();
  const isFaulty = faultsAt(path).length > 0;
  const common = { id, 'aria-describedby': `${id}-help`, 'aria-invalid': isFaulty, required: false };
  const set = (next: Value): void => change(path, next);
  const text = typeof value === 'string' ? value : '';
  return (
    <div class="field">
      <label htmlFor={id}>
        {label}
        {!field.isRequired && <small> (optional)</small>}
      </label>
      {mayPick && field.name === 'dataSetId' ? (
        <OwnedDataSetPicker {...common} value={text} onChange={set} />
      ) : mayPick && field.name === 'revisionId' ? (
        <RevisionPicker
          {...common}
          value={text}
          dataSetId={textOf(siblings['dataSetId'])}
          mayCreate={mayPublish}
          onChange={set}
        />
      ) : mayPick && field.name === 'assetId' ? (
        <AssetPicker
          {...common}
          value={text}
          dataSetId={textOf(siblings['dataSetId'])}
          revisionId={textOf(siblings['revisionId'])}
          onChange={set}
        />
      ) : field.type === 'Boolean' ? (
        <input
          {...common}
          type="checkbox"
          checked={(value ?? field.defaultValue) === true}
          onChange={({ currentTarget }) => set(currentTarget.checked)}
        />
      ) : types.enums[field.type] ? (
        <select {...common} value={text} onChange={({ currentTarget }) => set(currentTarget.value)}>
          <option value="">–</option>
          {types.enums[field.type]?.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      ) : field.name === 'text' ? (
        <textarea
          {...common}
          rows={14}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      ) : (
        <input
          {...common}
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      )}
      <span id={`${id}-help`}>
        <Help text={field.description} />
        <Faults path={path} />
      </span>
    </div>
  );
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : '';
}

/** The first sentence says what it is; the rest can be read in the schema. */
function Help({ text }: { readonly text: string }) {
  return text === '' ? null : <span class="hint">{text.replace(/`/g, '')}</span>;
}

export function Faults({ path }: { readonly path: Path }) {
  return useForm()
    .faultsAt(path)
    .map(({ message }) => (
      <span role="alert" class="fault" key={message}>
        {message}
      </span>
    ));
}

export function labelOf(name: string): string {
  const words = name.replace(/Id$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
