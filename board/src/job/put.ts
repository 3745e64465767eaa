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
      else reject(new Error(refusal(sending)));
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

/**
 * S3 says why in XML, by a code and, mostly, a sentence: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
 * What else its reply holds, such as a signature, is not shown. The page of a proxy is not read.
 */
function refusal(sending: XMLHttpRequest): string {
  const isXml = /xml/.test(sending.getResponseHeader('content-type') ?? '');
  const reply = new DOMParser().parseFromString(isXml ? sending.responseText : '<none/>', 'application/xml');
  const [reason, code] = ['Message', 'Code'].map((name) => reply.querySelector(`Error > ${name}`)?.textContent);
  const said = [reason, code].filter(Boolean).join(', ');
  return `S3 refused the file${said && `: ${said}`} (status ${sending.status}).`;
}
