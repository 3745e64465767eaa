/** What a job was asked to do, whatever its type: each member by its name. */
import { revisionName } from '../catalog.ts';
import type { Filter } from '../jobs/filter.ts';
import { ListLink } from '../jobs/list-link.tsx';
import { AwsId } from '../parts/aws-id.tsx';
import { enumWords } from '../words.ts';
import type { DataExchangeJob } from './job-document.ts';

/** Ids of API Gateway and accounts are short enough to be shown whole. */
const shortLength = 12;

type Members = Readonly<Record<string, unknown>>;

/** Shown elsewhere on the page, or beside the id of what they are. */
const hidden = new Set(['__typename', 'upload', 'download', 'specificationUpload', 'dataSet', 'revision', 'asset']);

const labels: Readonly<Record<string, string>> = {
  dataSetId: 'Data set',
  revisionId: 'Revision',
  assetId: 'Asset',
  apiId: 'API id',
  catalogId: 'Account of the catalog',
  md5Hash: 'MD5 hash',
  specificationMd5Hash: 'MD5 hash of the specification',
  dataShareArns: 'Data shares',
  roleArn: 'Role',
  kmsKeyArn: 'Key',
  kmsKeyArns: 'Keys of KMS',
  api: 'API',
};

/** `keyPrefixes` becomes `Key prefixes`. */
function labelOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return labels[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

export function Details({ job: { details } }: { readonly job: DataExchangeJob }) {
  return (
    <section aria-labelledby="details">
      <h2 id="details">What it was asked to do</h2>
      {details === null ? (
        <p class="hint">The service does not show what this job was asked to do.</p>
      ) : (
        <MemberList members={details} />
      )}
    </section>
  );
}

function MemberList({ members }: { readonly members: Members }) {
  return (
    <dl>
      {Object.entries(members).map(([name, value]) =>
        hidden.has(name) || isEmpty(value) ? null : (
          <div key={name}>
            <dt>{labelOf(name)}</dt>
            <dd>
              <NamedValue members={members} name={name} value={value} />
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

interface NamedProps {
  readonly members: Members;
  readonly name: string;
  readonly value: unknown;
}

/** An id beside the name of what it is about, where the person may read that. */
function NamedValue({ members, name, value }: NamedProps) {
  if (typeof value !== 'string' || !name.endsWith('Id')) return <Value value={value} />;
  const known = nameIn(members[name.slice(0, -2)]);
  const filter = filterOf(members, name);
  return (
    <>
      {known && <span class="known-name">{filter ? <ListLink filter={filter}>{known}</ListLink> : known} </span>}
      <AwsId id={value} isWhole={value.length <= shortLength} />
      {!known && filter && (
        <>
          {' '}
          <ListLink filter={filter}>All its jobs</ListLink>
        </>
      )}
    </>
  );
}

/** The jobs about the data set or the revision of which `name` is the id. */
function filterOf({ dataSetId, revisionId }: Members, name: string): Filter | undefined {
  if (typeof dataSetId !== 'string') return undefined;
  if (name === 'dataSetId') return { dataSetId };
  return name === 'revisionId' && typeof revisionId === 'string' ? { dataSetId, revisionId } : undefined;
}

function nameIn(value: unknown): string {
  const { name, comment, createdAt } = membersOf(value);
  if (typeof name === 'string') return name;
  if (typeof createdAt !== 'string') return '';
  return revisionName({ comment: typeof comment === 'string' ? comment : null, createdAt });
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
  if (typeof value !== 'object' || value === null) return <code>{enumWords[String(value)] ?? String(value)}</code>;
  const { bucket, key, keyPattern, ...rest } = membersOf(value);
  const isAddress = typeof bucket === 'string' && (key !== undefined || keyPattern !== undefined);
  if (!isAddress) return <MemberList members={membersOf(value)} />;
  return (
    <>
      {Object.keys(rest).some((name) => !hidden.has(name)) && <Source members={rest} />}
      <code>
        s3://{bucket}/{String(key ?? keyPattern ?? '')}
      </code>
    </>
  );
}

/** What is copied to an address. */
function Source({ members }: { readonly members: Members }) {
  const [name = '', id] = Object.entries(members).find(([each]) => each.endsWith('Id')) ?? [];
  return (
    <>
      {nameIn(members[name.slice(0, -2)]) || String(id ?? '')}
      <span aria-hidden="true"> → </span>
      <span class="visually-hidden"> to </span>
    </>
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function membersOf(value: unknown): Members {
  return Object(value);
}
