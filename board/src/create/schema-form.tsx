/** A form made from an input type of the schema. It keeps what is typed, and shows each fault beside its field. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { CopyAsGraphQL } from '../parts/copy-as-graphql.tsx';
import { Said } from '../parts/said.tsx';
import type { Viewer } from '../viewer.ts';
import { forgetValues, keepValues, keptValues } from './drafts.ts';
import { Fields } from './fields.tsx';
import { type Fault, type Form, FormContext } from './form-context.ts';
import type { Kind } from './kinds.ts';
import { forgetLeftForm, tellOfLeftForm } from './left-forms.tsx';
import {
  changed,
  inputFrom,
  isValues,
  type Missing,
  missingIn,
  type Path,
  type Value,
  type Values,
  without,
} from './values.ts';

export interface Outcome {
  readonly faults: readonly Fault[];
  /** What went wrong beside the faults. */
  readonly message?: string | undefined;
  /** The page to show then, unless the person has gone to another one meanwhile. */
  readonly next?: string | undefined;
}

interface Props {
  /** Names what is kept of the form. */
  readonly name: string;
  /** Names the form to a person. */
  readonly title: string;
  readonly inputType: string;
  readonly kind?: Kind;
  /** Where the fields stand in the input, and so in the paths of faults. */
  readonly root: readonly string[];
  readonly initial?: Values;
  /** Fields that have a value already, which nobody is shown. */
  readonly secrets?: ReadonlySet<string>;
  readonly viewer: Viewer;
  readonly word: string;
  readonly operation: (input: unknown) => { readonly query: string; readonly variables: object };
  /** `signal` is aborted once somebody waits no longer. */
  readonly send: (input: unknown, onMessage: (message: string) => void, signal: AbortSignal) => Promise<Outcome>;
  /** Above the fields. */
  readonly before?: (set: (partOf: (known: Values) => Values) => void) => ComponentChildren;
}

/** Names that lose their meaning with another data set, or another revision. */
const dependents: Readonly<Record<string, readonly string[]>> = {
  dataSetId: ['revisionId', 'assetId'],
  revisionId: ['assetId'],
};

const none: ReadonlySet<string> = new Set();

export function SchemaForm(props: Props) {
  const { name, title, inputType, kind, root, initial, secrets = none, viewer, word, operation, send, before } = props;
  const [values, setValues] = useState<Values>(() => ({ ...initial, ...keptValues(name) }));
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [message, setMessage] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const isDone = useRef(false);
  const [path, navigate] = useLocation();
  const isShown = useRef(true);
  const waiting = useRef<AbortController | undefined>(undefined);
  // What nobody has changed begins with the present manifest the next time, and not with this one.
  const begun = useRef(values);
  useEffect(() => {
    if (!isDone.current && values !== begun.current) keepValues(name, values);
  }, [values]);
  useEffect(() => {
    forgetLeftForm(path);
    return () => {
      isShown.current = false;
    };
  }, []);
  // The first fault is where the person has to go on.
  useEffect(() => {
    const folded = element.current?.querySelectorAll<HTMLDetailsElement>('details:has(.fault)') ?? [];
    for (const details of folded) details.open = true;
    element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);

  const form: Form = useMemo(
    () => ({
      values,
      change: (path, value) => setValues((known) => afterChange(known, path, value)),
      faultsAt: (path) => faults.filter(({ field }) => field?.join('.') === ['input', ...root, ...path].join('.')),
      mayPick: viewer.mayReadCatalog,
      mayPublish: viewer.mayPublish,
      isExport: kind?.isExport ?? false,
      assetType: kind?.assetType,
      secrets,
    }),
    [values, faults],
  );
  const shownElsewhere = faults.filter(({ field }) => (field?.length ?? 0) <= root.length + 1);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const missing = missingIn(inputType, values, []);
    // Otherwise the gateway says all of it, in its words.
    if (missing.some(({ isChoice }) => isChoice)) return show({ faults: missing.map((each) => faultOf(each, root)) });
    setIsBusy(true);
    setFaults([]);
    const controller = new AbortController();
    waiting.current = controller;
    const outcome = await send(inputFrom(inputType, values), setMessage, controller.signal);
    setIsBusy(false);
    if (outcome.faults.length > 0 || outcome.message !== undefined) return show(outcome);
    isDone.current = true;
    forgetValues(name);
    if (outcome.next !== undefined && isShown.current) navigate(outcome.next);
  }

  function show(outcome: Outcome): void {
    setFaults(outcome.faults);
    setMessage(outcome.message ?? summaryOf(outcome.faults.length));
    if (isShown.current) return;
    const reasons = outcome.faults.map((fault) => fault.message);
    tellOfLeftForm(path, { title, message: outcome.message ?? ['Refused.', ...reasons].join(' ') });
  }

  return (
    <FormContext.Provider value={form}>
      <form ref={element} class="create" noValidate onSubmit={(event) => void submit(event)}>
        {before?.((partOf) => setValues((known) => ({ ...known, ...partOf(known) })))}
        <Fields type={inputType} path={[]} values={values} />
        {shownElsewhere.map(({ message: fault }) => (
          <p role="alert" class="fault" key={fault}>
            {fault}
          </p>
        ))}
        <div class="actions submit">
          <button type="submit" disabled={isBusy}>
            {word}
          </button>
          <Said text={message} />
          {isBusy && (
            <button type="button" class="quiet" onClick={() => waiting.current?.abort()}>
              Wait no longer
            </button>
          )}
          <CopyAsGraphQL {...operation(inputFrom(inputType, values))} />
        </div>
      </form>
    </FormContext.Provider>
  );
}

function afterChange(known: Values, path: Path, value: Value): Values {
  const last = path.at(-1);
  const names = (typeof last === 'string' && dependents[last]) || [];
  const next = changed(names.length > 0 ? without(known, new Set(names)) : known, path, value);
  return isValues(next) ? next : {};
}

function faultOf({ path, isChoice }: Missing, root: readonly string[]): Fault {
  const field = ['input', ...root, ...path.map(String)];
  return { field, message: isChoice ? 'Choose one.' : 'This is needed.' };
}

function summaryOf(count: number): string {
  return count === 1 ? 'One field needs another look.' : `${count} fields need another look.`;
}
