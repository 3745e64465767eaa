/** What the fields of a form share. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Enum } from '../graphql.ts';
import type { Path, Value, Values } from './values.ts';

export interface Fault {
  /** The path of the input, from the argument on. */
  readonly field: readonly string[] | null;
  readonly code?: string;
  readonly message: string;
}

export interface Form {
  readonly values: Values;
  readonly change: (path: Path, value: Value) => void;
  readonly faultsAt: (path: Path) => readonly Fault[];
  /** Whether data sets, revisions and assets can be picked. */
  readonly mayPick: boolean;
  /** Whether they can be made. */
  readonly mayPublish: boolean;
  readonly isExport: boolean;
  readonly assetType: Enum<'AssetType'> | undefined;
  /** Fields that have a value already, which nobody is shown. */
  readonly secrets: ReadonlySet<string>;
}

export const FormContext = createContext<Form | undefined>(undefined);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (form === undefined) throw new Error('expected a form around its fields');
  return form;
}
