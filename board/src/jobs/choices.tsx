/** The single choices of a filter. */

interface ToggleProps {
  readonly word: string;
  readonly isOn: boolean;
  readonly onToggle: (isOn: boolean) => void;
}

export function Toggle({ word, isOn, onToggle }: ToggleProps) {
  return (
    <button type="button" class="toggle" aria-pressed={isOn} onClick={() => onToggle(!isOn)}>
      {word}
    </button>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly words: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value | undefined) => void;
}

export function Choice<Value extends string>({ label, value, words, onChange }: ChoiceProps<Value>) {
  const isKnown = (name: string): name is Value => name in words;
  return (
    <label>
      {label}
      <select
        value={value ?? ''}
        onChange={({ currentTarget }) => onChange(isKnown(currentTarget.value) ? currentTarget.value : undefined)}
      >
        <option value="">All</option>
        {Object.keys(words)
          .filter(isKnown)
          .map((name) => (
            <option key={name} value={name}>
              {words[name]}
            </option>
          ))}
      </select>
    </label>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

export function Day({ label, value = '', onChange }: DayProps) {
  return (
    <label>
      {label}
      <input type="date" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)} />
    </label>
  );
}
