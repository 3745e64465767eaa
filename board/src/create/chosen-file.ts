/** The file that somebody chose in a form, until the page of its job sends it. It outlives no reload. */

const files = new Map<string, File>();

export function keepFile(jobId: string, file: File): void {
  files.set(jobId, file);
}

/** Gives the file once. */
export function takeFile(jobId: string): File | undefined {
  const file = files.get(jobId);
  files.delete(jobId);
  return file;
}
