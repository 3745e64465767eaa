/** Whether a folder can hold the store, found out without making or changing anything. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** What keeps `folder` from holding the store, as the system's code; undefined if nothing is seen to. */
export async function folderFault(folder: string): Promise<string | undefined> {
  try {
    await assertWritable(join(resolve(folder), 'store'));
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
  }
}

/** A folder that is missing can be made if the nearest one above it can be written to. */
async function assertWritable(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || dirname(folder) === folder) throw error;
    return undefined;
  });
  if (found === undefined) return assertWritable(dirname(folder));
  if (!found.isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  await access(folder, constants.W_OK | constants.X_OK);
}
