/** Reads the name and the MD5 hash of a file that will be sent. */
import { useState } from 'preact/hooks';
import { md5Of } from './md5.ts';

export function FileHash({ onRead }: { readonly onRead: (file: File, md5Hash: string) => void }) {
  const [message, setMessage] = useState('');
  async function read(file: File): Promise<void> {
    setMessage(`Reading ${file.name}`);
    try {
      onRead(file, await md5Of(file));
      setMessage(`${file.name} is read. It is sent once the job is created.`);
    } catch {
      setMessage(`${file.name} cannot be read. Choose it again.`);
    }
  }
  return (
    <div class="field">
      <label htmlFor="file">The file</label>
      <input
        id="file"
        type="file"
        aria-describedby="file-help"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void read(file);
        }}
      />
      <span class="hint" id="file-help">
        Its hash is filled in below, so that S3 refuses what arrives damaged.
      </span>
      <span role="status">{message}</span>
    </div>
  );
}
