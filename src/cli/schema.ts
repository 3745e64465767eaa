/** `waybill schema`: prints the schema. */
import { printedSchema } from '../schema/print.ts';

export async function schema(): Promise<void> {
  process.stdout.write(printedSchema());
}
