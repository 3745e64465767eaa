/** Reads the name and the MD5 hash of a file that will be uploaded. */

import { useState } from 'preact/hooks';
import SparkMD5 from 'spark-md5';

/** A file may be larger than memory. */
const sliceBytes = 4 * 1_024 * 1_024;

/** In base64, as the service takes it. */
export async function md5Of(file: Blob): Promise<string> {
  const hash = new SparkMD5.ArrayBuffer();
  for (let from = 0; from < file.size; from += sliceBytes)
    hash.append(await file.slice(from, from + sliceBytes).arrayBuffer());
  return btoa(hash.end(true));
}

export function FileHash({ onRead }: { readonly onRead: (name: string, md5Hash: string) => void }) {
  const [message, setMessage] = useState('');
  async function read(file: File): Promise<void> {
    setMessage(`Reading ${file.name}`);
    onRead(file.name, await md5Of(file));
    setMessage(`${file.name} is hashed. It is sent from the page of the job.`);
  }
  return (
    <div class="field">
      <label>
        The file
        <input
          type="file"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) void read(file);
          }}
        />
      </label>
      <span class="hint">Its name and its MD5 hash are filled in below. Nothing is sent yet.</span>
      <span role="status">{message}</span>
    </div>
  );
}
