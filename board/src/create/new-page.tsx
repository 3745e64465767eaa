/** What can be created, and the form for each. */

import { Link } from 'wouter-preact';
import { Heading } from '../parts/heading.tsx';
import type { Viewer } from '../viewer.ts';
import { serviceWords } from '../words.ts';
import { CreateForm } from './create-form.tsx';
import { type Kind, kinds } from './kinds.ts';

interface Props {
  readonly name: string | undefined;
  readonly viewer: Viewer;
}

export default function NewPage({ name, viewer }: Props) {
  const kind = kinds.find((each) => each.name === name);
  if (!viewer.mayWrite) return <ReadOnly />;
  if (kind) return <CreateForm key={kind.name} kind={kind} viewer={viewer} />;
  return (
    <>
      <Heading title="New job" />
      {(['DATA_EXCHANGE', 'IMPORT_EXPORT'] as const).map((service) => (
        <section key={service} aria-labelledby={service}>
          <h2 id={service}>{serviceWords[service]}</h2>
          <ul class="kinds">
            {kinds
              .filter((each) => each.service === service)
              .map((each) => (
                <KindCard key={each.name} kind={each} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function ReadOnly() {
  return (
    <section class="empty">
      <Heading title="Read only" />
      <p>
        Your token may read jobs, and not create any: it lacks the scope <code>jobs:write</code>.
      </p>
      <Link href="/">All jobs</Link>
    </section>
  );
}

function KindCard({ kind: { name, title, about } }: { readonly kind: Kind }) {
  return (
    <li>
      <Link href={`/new/${name}`}>{title}</Link>
      <p>{about}</p>
    </li>
  );
}
