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

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly words: Readonly<Record<string, string>>;
  readonly onChange: (value: string) => void;
}

export function Choice({ label, value = '', words, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">All</option>
        {Object.entries(words).map(([name, word]) => (
          <option key={name} value={name}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

export function Day({ label, value = '', onChange }: DayProps) {
  return (
    <label>
      {label}
      <input type="date" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
    </label>
  );
}
