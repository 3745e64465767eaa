/** A text field that offers what people know by name. What is not offered can be typed, as an id. */
import { useEffect, useId, useState } from 'preact/hooks';

export interface Option {
  /** What is sent. */
  readonly value: string;
  /** What people call it. */
  readonly word: string;
  /** What tells those of one name apart. */
  readonly detail: string;
}

export interface ComboboxProps {
  readonly id: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
  /** What the line below the field says while nothing is chosen. */
  readonly help: string;
}

interface Props extends ComboboxProps {
  readonly options: readonly Option[];
  readonly placeholder: string;
}

/** More are found by typing. */
const maxShown = 50;

export function Combobox({ options, value, onChange, placeholder, help, ...common }: Props) {
  const list = useId();
  const note = `${list}-note`;
  /** What is typed and not settled yet. */
  const [typed, setTyped] = useState<string | undefined>();
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const chosen = options.find((option) => option.value === value);
  const found = matching(options, typed ?? '');
  const shown = found.slice(0, maxShown);

  function settle(next: string): void {
    setTyped(undefined);
    setIsOpen(false);
    setActive(-1);
    if (next !== value) onChange(next);
  }

  function leave(): void {
    if (typed === undefined) {
      setIsOpen(false);
      return;
    }
    const text = typed.trim();
    const named = options.filter(({ word }) => word.toLowerCase() === text.toLowerCase());
    settle(named.length === 1 ? (named[0]?.value ?? text) : text);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIsOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (shown.length > 0)
        setActive((active + step + shown.length + (active === -1 && step === -1 ? 1 : 0)) % shown.length);
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      const option = shown[active] ?? (typed && shown.length === 1 ? shown[0] : undefined);
      if (option) settle(option.value);
      else leave();
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      setTyped(undefined);
      setIsOpen(false);
    }
  }

  useEffect(() => {
    if (active >= 0) document.getElementById(`${list}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  return (
    <div class="combobox">
      <input
        {...common}
        aria-describedby={`${note} ${common['aria-describedby']}`}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && active >= 0 ? `${list}-${active}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={typed ?? chosen?.word ?? value}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setIsOpen(true);
          setActive(-1);
        }}
        onClick={() => setIsOpen(true)}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      {/* The list keeps the focus in the field, so that a click on it is no leaving. */}
      <div
        id={list}
        role="listbox"
        aria-label={placeholder}
        hidden={!isOpen}
        onMouseDown={(event) => event.preventDefault()}
      >
        {shown.map((option, index) => (
          <div
            key={option.value}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={option.value === value}
            class={index === active ? 'is-active' : undefined}
            onClick={() => settle(option.value)}
            onKeyDown={onKeyDown}
          >
            {option.word} <span class="hint">{option.detail}</span>
          </div>
        ))}
      </div>
      {/* One line in any case: what is below must not move while the field is left by a click on it. */}
      <p id={note} class="hint">
        {(isOpen ? noteOf(options.length, found.length) : chosen?.detail) || help}
      </p>
    </div>
  );
}

function matching(options: readonly Option[], text: string): readonly Option[] {
  const words = text.toLowerCase().split(/\s+/);
  return options.filter(({ value, word, detail }) => {
    const all = `${word} ${detail} ${value}`.toLowerCase();
    return words.every((part) => all.includes(part));
  });
}

function noteOf(all: number, found: number): string {
  if (all === 0) return 'There is none to choose from: paste an AWS id.';
  if (found === 0) return 'None is called so: paste an AWS id, or type another name.';
  return found > maxShown ? `${found} fit; type more of the name to see fewer.` : '';
}
