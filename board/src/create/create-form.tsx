/** The form for one kind of job. */
import { useRef, useState } from 'preact/hooks';
import { createOnce } from 'waybill-client';
import { Link } from 'wouter-preact';
import { codeOf, request } from '../gateway.ts';
import { graphql, type VariablesOf } from '../graphql.ts';
import { Heading } from '../parts/heading.tsx';
import type { Viewer } from '../viewer.ts';
import { sentenceOf } from '../words.ts';
import { keepFile } from './chosen-file.ts';
import { keptValues } from './drafts.ts';
import { FileHash } from './file-hash.tsx';
import type { Kind } from './kinds.ts';
import { forgetCreate, isOpenCreate, openCreates } from './open-creates.ts';
import { type Outcome, SchemaForm } from './schema-form.tsx';
import type { Values } from './values.ts';

const createDataExchangeJob = graphql(`mutation CreateDataExchange($input: CreateDataExchangeJobInput!) {
  payload: createDataExchangeJob(input: $input) { job { id } userErrors { field code message } }
}`);
const createImportExportJob = graphql(`mutation CreateImportExport($input: CreateImportExportJobInput!) {
  payload: createImportExportJob(input: $input) { job { id } userErrors { field code message } }
}`);

type Create = typeof createDataExchangeJob | typeof createImportExportJob;

interface Upload {
  readonly name?: string;
  readonly md5Hash: string;
}

/** Of jobs that are started once a file is sent: the fields that its name and its hash go to. */
const uploads: Readonly<Record<string, Upload>> = {
  importAssetFromSignedUrl: { name: 'assetName', md5Hash: 'md5Hash' },
  importAssetFromApiGatewayApi: { md5Hash: 'specificationMd5Hash' },
};

const refusals: ReadonlySet<string | undefined> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

export function CreateForm({ kind, viewer }: { readonly kind: Kind; readonly viewer: Viewer }) {
  const name = `create-${kind.name}`;
  const [isOpen, setIsOpen] = useState(() => isOpenCreate(name));
  const file = useRef<File | undefined>(undefined);
  const upload = uploads[kind.name];
  const [wasRead] = useState(() => upload !== undefined && Boolean(keptValues(name)?.[upload.md5Hash]));
  const isData = kind.service === 'DATA_EXCHANGE';
  const member = isData ? 'details' : 'manifest';
  const isStarted = isData && upload === undefined;

  /** The fields are those of the schema, so that the compiler need not know the input. */
  function operation(input: unknown, idempotencyKey?: string) {
    const whole: unknown = { [member]: { [kind.name]: input }, ...(isStarted && { start: true }), idempotencyKey };
    const query: Create = isData ? createDataExchangeJob : createImportExportJob;
    return { query, variables: { input: whole } as VariablesOf<Create> };
  }

  async function send(input: unknown, onMessage: (message: string) => void, signal: AbortSignal): Promise<Outcome> {
    onMessage('Creating the job');
    let mayExist = isOpenCreate(name);
    const lose = (): void => {
      mayExist = true;
      onMessage('The answer was lost. Finding out whether the job was created');
    };
    const attempt = async (idempotencyKey: string) => {
      const { query, variables } = operation(input, idempotencyKey);
      const sent = request(query, variables);
      sent.then((answer) => codeOf(answer) === 'OUTCOME_UNKNOWN' && lose(), lose);
      return sent;
    };
    const answer = await createOnce(name, attempt, { storage: openCreates, signal }).catch(() => undefined);
    const payload = answer?.data?.payload;
    const faults = payload?.userErrors ?? [];
    // What was only ever refused for its token has created nothing.
    if (!mayExist && refusals.has(answer && codeOf(answer))) forgetCreate(name);
    setIsOpen(isOpenCreate(name) || faults.some(({ code }) => code === 'IDEMPOTENCY_MISMATCH'));
    if (answer === undefined) return { faults, message: 'Nobody knows yet whether the job was created.' };
    if (answer.errors && !payload)
      return { faults, message: sentenceOf(codeOf(answer), answer.errors[0]?.message ?? '') };
    if (payload?.job && file.current) keepFile(payload.job.id, file.current);
    // A job whose start was refused exists: its page says what can be done.
    return payload?.job ? { faults: [], next: `/jobs/${payload.job.id}` } : { faults };
  }

  return (
    <>
      <p class="back">
        <Link href="/new">← All kinds of jobs</Link>
      </p>
      <Heading title={kind.title} />
      <p>{kind.about}</p>
      {isOpen && (
        <OpenNotice
          onForget={() => {
            forgetCreate(name);
            setIsOpen(false);
          }}
        />
      )}
      <SchemaForm
        name={name}
        title={kind.title}
        inputType={kind.inputType}
        kind={kind}
        root={[member, kind.name]}
        viewer={viewer}
        word={wordOf(isStarted, upload !== undefined)}
        operation={operation}
        send={send}
        {...(upload && {
          before: (set) => (
            <FileHash
              isForgotten={wasRead}
              onRead={(chosen, hash) => {
                const before = file.current?.name;
                file.current = chosen;
                set((known) => ({ ...nameOf(upload, known, before, chosen), [upload.md5Hash]: hash }));
              }}
            />
          ),
        })}
      />
    </>
  );
}

/** The name of the file, unless somebody has typed another. */
function nameOf({ name }: Upload, known: Values, before: string | undefined, { name: chosen }: File): Values {
  const present = name === undefined ? undefined : known[name];
  return name === undefined || (present && present !== before) ? {} : { [name]: chosen };
}

function wordOf(isStarted: boolean, isUpload: boolean): string {
  if (isStarted) return 'Create and start';
  return isUpload ? 'Create and send the file' : 'Create';
}

/** The key of that request is still at hand, so that sending it again creates nothing twice. */
function OpenNotice({ onForget }: { readonly onForget: () => void }) {
  return (
    <div class="notice">
      <p>
        <strong>This form was sent before, and its answer never came.</strong> Send the same again: the gateway knows
        the request by its key, creates nothing twice, and says what became of it. Codes and passwords have to be typed
        again.
      </p>
      <p>
        To create another job instead, <Link href="/">look in the list</Link> whether the first exists, and then{' '}
        <button type="button" class="quiet" onClick={onForget}>
          begin anew
        </button>
      </p>
    </div>
  );
}
