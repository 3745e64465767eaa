/** Finds the program of Rover, Apollo's command line. */
import { createRequire } from 'node:module';

/** Undefined on a machine that Rover's packages do not know. */
export const rover = roverProgram();

function roverProgram(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`@apollo/rover-${process.platform}-${process.arch}/rover`);
  } catch {
    return undefined;
  }
}
