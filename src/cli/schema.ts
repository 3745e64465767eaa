/** `waybill schema`: prints the schema, or the subgraph of a federated graph. */
import { parseArgs } from 'node:util';
import { printedSchema } from '../schema/print.ts';
import { printedSubgraph } from '../schema/print-subgraph.ts';

/** Rejects for any other argument than `--federation`. */
export async function schema(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { federation: { type: 'boolean', default: false } } });
  process.stdout.write(values.federation ? printedSubgraph() : printedSchema());
}
