/** Reads the name and the MD5 hash of a file that will be sent. */
import { useRef, useState } from 'preact/hooks';
import { md5Of } from './md5.ts';

interface Props {
  /** Whether a file was read before a reload, which forgets it. */
  readonly isForgotten: boolean;
  readonly onRead: (file: File, md5Hash: string) => void;
}

export function FileHash({ isForgotten, onRead }: Props) {
  const [message, setMessage] = useState(isForgotten ? 'Choose the file again: the browser no longer has it.' : '');
  const latest = useRef<File | undefined>(undefined);
  async function read(file: File): Promise<void> {
    latest.current = file;
    setMessage(`Reading ${file.name}`);
    try {
      const hash = await md5Of(file);
      // Somebody has chosen a smaller one meanwhile, which was read first.
      if (latest.current !== file) return;
      onRead(file, hash);
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
