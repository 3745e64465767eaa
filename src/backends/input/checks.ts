/**
 * Checks inputs and finds all their faults, each with a code, its parameters and a sentence.
 *
 * Not by Zod (4.6): it goes through the whole of a hostile list where the first hundred faults are enough, and a missing
 * value or an unknown one of an enumeration keeps the other rules of its object from running.
 */
import { type FaultCode, type InputFault, inFieldOrder, maxFaults, parametersFrom } from '../../model/input-fault.ts';
import { fits, rangeOf, type Size } from '../../model/job-input-sizes.ts';
import { fieldWords } from './field-words.ts';

type Path = readonly string[];

export interface Finding {
  readonly code: FaultCode;
  readonly parameters?: Readonly<Record<string, number | string>>;
  /** Completes the sentence "The asset name …". */
  readonly says: string;
  /** Where the sentence is not about the field itself, such as "the number of ". */
  readonly of?: string;
}

/** Reports the faults of `value`, which is at `path`. */
export type Check = (value: unknown, path: Path, findings: Findings) => void;

/** Collects the faults of one input. */
export class Findings {
  readonly #faults: InputFault[] = [];
  #hasMore = false;

  /** Whether there are more faults than are listed, so that nothing else need be checked. */
  get isFull(): boolean {
    return this.#hasMore;
  }

  add(path: Path, { code, parameters = {}, says, of }: Finding): void {
    if (this.#faults.length === maxFaults) this.#hasMore = true;
    else
      this.#faults.push({
        field: path,
        code,
        parameters: parametersFrom(parameters),
        message: sentence(path, says, of),
      });
  }

  /** In the order of the fields in the schema. */
  faults(): readonly InputFault[] {
    return inFieldOrder(this.#hasMore ? [...this.#faults, moreFaults] : this.#faults);
  }
}

const moreFaults: InputFault = {
  field: [],
  code: 'INVALID_INPUT',
  parameters: parametersFrom({ listed: maxFaults }),
  message: `There are more faults than the ${maxFaults} that are listed.`,
};

function sentence(path: Path, says: string, of = ''): string {
  const field = fieldWords(path) || 'the input';
  const subject = of === '' ? field : `${of}${field.replace(/^the /, '')}`;
  return `${subject.charAt(0).toUpperCase()}${subject.slice(1)} ${says}.`;
}

/** All faults of `value`, in the order of the fields in the schema. */
export function faultsIn(check: Check, value: unknown): readonly InputFault[] {
  const findings = new Findings();
  check(value, [], findings);
  return findings.faults();
}

/** An object with these members. Each of `rules` is about the object as a whole. */
export function object(members: Readonly<Record<string, Check>>, ...rules: readonly Check[]): Check {
  const checks = Object.entries(members);
  return (value, path, findings) => {
    if (!isObject(value)) return findings.add(path, missing);
    for (const [name, check] of checks) {
      if (findings.isFull) return;
      check(value[name], [...path, name], findings);
    }
    for (const rule of rules) rule(value, path, findings);
  };
}

/** A list of `size`; each of `rules` is about the list as a whole. The entries of a list that is too long are checked. */
export function list(entry: Check, size: Size, ...rules: readonly Check[]): Check {
  return (value, path, findings) => {
    if (!Array.isArray(value)) return findings.add(path, missing);
    if (!fits(value.length, size)) findings.add(path, wrongCount(value.length, size));
    for (const [index, each] of value.entries()) {
      if (findings.isFull) return;
      entry(each, [...path, String(index)], findings);
    }
    for (const rule of rules) rule(value, path, findings);
  };
}

/** A value that may be left out or null. */
export function maybe(check: Check): Check {
  return (value, path, findings) => {
    if (value !== undefined && value !== null) check(value, path, findings);
  };
}

/** A value for which there is no other rule. */
export const given: Check = (value, path, findings) => {
  if (value === undefined || value === null) findings.add(path, missing);
};

/** One of `names`, in this spelling. */
export function oneOf(...names: readonly [string, ...string[]]): Check {
  const says = `must be ${names.join(' or ')}, and is another value`;
  return (value, path, findings) => {
    if (value === undefined || value === null) findings.add(path, missing);
    else if (!names.some((name) => name === value))
      findings.add(path, { code: 'UNKNOWN_VALUE', parameters: { allowed: names.join(', ') }, says });
  };
}

export const missing: Finding = { code: 'REQUIRED', says: 'must be given' };

/** For a number of entries outside `size`. `what` is counted, if not the entries of the field itself. */
export function wrongCount(received: number, size: Size, what = ''): Finding {
  const { min = 0, max } = size;
  return {
    code: received < min ? 'TOO_FEW' : 'TOO_MANY',
    parameters: { ...(min > 0 && { min }), max, received },
    says: `must be ${rangeOf(size)}; ${received.toLocaleString('en')} ${received === 1 ? 'was' : 'were'} given`,
    of: `the number of ${what}`,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
