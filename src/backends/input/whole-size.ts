/** Checks the size of all texts of an input together. */
import type { InputFault } from '../../model/input-fault.ts';
import { charactersIn, fits, inputSize, rangeOf } from '../../model/job-input-sizes.ts';
import { faultsIn } from './checks.ts';
import { wrongLength } from './text-checks.ts';

/** The fault of `input` if its texts are too long together. For an input whose texts have no faults by themselves. */
export function faultsInWhole(input: unknown): readonly InputFault[] {
  return faultsIn((value, path, findings) => {
    const received = charactersIn(value);
    if (!fits(received, inputSize)) findings.add(path, wrongLength(received, inputSize, must));
  }, input);
}

const must = `have ${rangeOf(inputSize)} in all its texts together`;
