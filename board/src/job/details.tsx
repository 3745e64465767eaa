/** What a job was asked to do, whatever its type: each member by its name. */
import type { DataExchangeJob } from './job-document.ts';

/** Shown elsewhere on the page, or beside another member. */
const hidden = new Set(['__typename', 'upload', 'download', 'specificationUpload', 'dataSet', 'revision', 'asset']);

const labels: Record<string, string> = {
  dataSetId: 'Data set',
  revisionId: 'Revision',
  assetId: 'Asset',
  md5Hash: 'MD5 hash',
  dataShareArns: 'Data shares',
  roleArn: 'Role',
};

/** `keyPrefixes` becomes `Key prefixes`. */
function labelOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return labels[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

export function Details({ job }: { readonly job: DataExchangeJob }) {
  const { details } = job;
  if (details === null) return <p class="hint">The service does not show what this job was asked to do.</p>;
  return (
    <section aria-labelledby="details">
      <h2 id="details">What it was asked to do</h2>
      <dl>
        {Object.entries(details).map(([name, value]) =>
          hidden.has(name) || isEmpty(value) ? null : (
            <div key={name}>
              <dt>{labelOf(name)}</dt>
              <dd>
                {nameBeside(details, name)} <Value value={value} />
              </dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** The name of what an id is about, where the person may read it. */
function nameBeside(details: Readonly<Record<string, unknown>>, idName: string): string {
  const named = details[idName.replace(/Id$/, '')];
  if (typeof named !== 'object' || named === null || !idName.endsWith('Id')) return '';
  const { name, comment } = named as { readonly name?: string; readonly comment?: string | null };
  return name ?? comment ?? '';
}

function Value({ value }: { readonly value: unknown }) {
  if (Array.isArray(value))
    return (
      <ul>
        {value.map((each, index) => (
          <li key={index}>
            <Value value={each} />
          </li>
        ))}
      </ul>
    );
  if (typeof value === 'object' && value !== null) {
    const { bucket, key } = value as { readonly bucket?: string; readonly key?: string | null };
    if (bucket !== undefined && Object.keys(value).length <= 3)
      return (
        <code>
          s3://{bucket}/{key ?? ''}
        </code>
      );
    return (
      <dl>
        {Object.entries(value).map(([name, each]) =>
          isEmpty(each) ? null : (
            <div key={name}>
              <dt>{labelOf(name)}</dt>
              <dd>
                <Value value={each} />
              </dd>
            </div>
          ),
        )}
      </dl>
    );
  }
  return <code>{String(value)}</code>;
}
