/** Sends a file by PUT. `fetch` does not say how much of a body has been sent. */

interface Sending {
  readonly url: string;
  readonly file: File;
  /** In base64. */
  readonly md5Hash: string | undefined;
  /** From 0 to 1. */
  readonly onProgress: (part: number) => void;
  readonly signal: AbortSignal;
}

/** Rejects with a sentence for a person. */
export function put({ url, file, md5Hash, onProgress, signal }: Sending): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open('PUT', url);
    // The store refuses a body with another hash.
    if (md5Hash !== undefined) sending.setRequestHeader('content-md5', md5Hash);
    sending.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    sending.onload = () => {
      if (sending.status < 300) resolve();
      else reject(new Error(`S3 refused the file with the status ${sending.status}.`));
    };
    sending.onerror = () =>
      reject(new Error('The file could not be sent: S3 did not answer, or does not let this page send files to it.'));
    const stopped = new Error('Stopped. Nothing was imported; choose the file to send it again.');
    sending.onabort = () => reject(stopped);
    signal.addEventListener('abort', () => sending.abort(), { once: true });
    // While its hash was calculated, perhaps.
    if (signal.aborted) reject(stopped);
    else sending.send(file);
  });
}
