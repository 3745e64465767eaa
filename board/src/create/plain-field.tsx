/** One field with its label, its help and its faults. */
import types from 'virtual:input-types';
import { useId } from 'preact/hooks';
import { enumWords } from '../words.ts';
import { autocompletes, helpOf, secretFields } from './field-words.ts';
import { useForm } from './form-context.ts';
import type { InputField } from './input-types.ts';
import { AssetPicker, DataSetPicker, RevisionPicker } from './pickers.tsx';
import { nearest, type Path, type Value } from './values.ts';

interface PlainProps {
  readonly field: InputField;
  readonly path: Path;
  readonly value: Value;
  readonly label: string;
}

export function PlainField({ field, path, value, label }: PlainProps) {
  const { faultsAt, mayPick, secrets } = useForm();
  const id = useId();
  const isTick = field.type === 'Boolean';
  const common = { id, 'aria-describedby': `${id}-help`, 'aria-invalid': faultsAt(path).length > 0 };
  return (
    <div class={isTick ? 'field is-tick' : 'field'}>
      <label htmlFor={id}>
        {label}
        {!field.isRequired && !isTick && <small> (optional)</small>}
      </label>
      <Input field={field} path={path} value={value} common={common} />
      <span id={`${id}-help`}>
        {!(mayPick && isPicked(field)) && <Help text={helpOf(field, mayPick)} />}
        {secrets.has(field.name) && <Help text="The job has one, which nobody is shown: type it in again." />}
        <Faults path={path} />
      </span>
    </div>
  );
}

/** Its picker shows the help in a line of its own. */
function isPicked({ name }: InputField): boolean {
  return name === 'dataSetId' || name === 'revisionId' || name === 'assetId';
}

interface InputProps extends Omit<PlainProps, 'label'> {
  readonly common: { readonly id: string; readonly 'aria-describedby': string; readonly 'aria-invalid': boolean };
}

function Input({ field, path, value, common }: InputProps) {
  const { change, mayPick, values } = useForm();
  const set = (next: Value): void => change(path, next);
  const text = typeof value === 'string' ? value : '';
  const picker = { ...common, value: text, onChange: set, help: helpOf(field, mayPick) };
  const near = (name: string): string => nearest(values, path, name);
  if (mayPick && field.name === 'dataSetId') return <DataSetPicker {...picker} />;
  if (mayPick && field.name === 'revisionId') return <RevisionPicker {...picker} dataSetId={near('dataSetId')} />;
  if (mayPick && field.name === 'assetId')
    return <AssetPicker {...picker} dataSetId={near('dataSetId')} revisionId={near('revisionId')} />;
  if (field.type === 'Boolean')
    return (
      <input
        {...common}
        type="checkbox"
        checked={(value ?? field.defaultValue) === true}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
    );
  const names = types.enums[field.type];
  if (names)
    return (
      <select {...common} value={text} onChange={({ currentTarget }) => set(currentTarget.value)}>
        <option value="">{field.isRequired ? 'Choose one' : 'As usual'}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {enumWords[name] ?? name}
          </option>
        ))}
      </select>
    );
  const typed = { ...common, value: text, spellcheck: false };
  if (field.name === 'text')
    return <textarea {...typed} rows={18} onInput={({ currentTarget }) => set(currentTarget.value)} />;
  return (
    <input
      {...typed}
      type={secretFields.has(field.name) ? 'password' : 'text'}
      autocomplete={autocompletes[field.name] ?? 'off'}
      onInput={({ currentTarget }) => set(currentTarget.value)}
    />
  );
}

export function Help({ text }: { readonly text: string }) {
  return text === '' ? null : <span class="hint">{text}</span>;
}

export function Faults({ path }: { readonly path: Path }) {
  return useForm()
    .faultsAt(path)
    .map(({ message }) => (
      <span class="fault" key={message}>
        {message}
      </span>
    ));
}
