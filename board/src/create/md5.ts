/** The MD5 hash of a file, which may be larger than memory. */
import SparkMD5 from 'spark-md5';

const sliceBytes = 4 * 1_024 * 1_024;

/** In base64, as the service takes it. */
export async function md5Of(file: Blob): Promise<string> {
  const hash = new SparkMD5.ArrayBuffer();
  for (let from = 0; from < file.size; from += sliceBytes)
    hash.append(await file.slice(from, from + sliceBytes).arrayBuffer());
  return btoa(hash.end(true));
}
