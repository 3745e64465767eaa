/** Forms that somebody left before what they had sent was refused. The page that is shown then says so. */
import { FailureNotice } from '../parts/failure-notice.tsx';
import { createShared } from '../parts/shared.ts';

interface Refusal {
  readonly title: string;
  readonly message: string;
}

/** By the paths of the forms. */
const refusals = createShared<ReadonlyMap<string, Refusal>>(new Map());

export function tellOfLeftForm(path: string, refusal: Refusal): void {
  refusals.set(new Map(refusals.get()).set(path, refusal));
}

export function forgetLeftForm(path: string): void {
  refusals.set(new Map([...refusals.get()].filter(([other]) => other !== path)));
}

export function LeftForms() {
  return (
    <>
      {[...refusals.use()].map(([path, { title, message }]) => (
        <FailureNotice key={path} href={path} title={title} onClose={() => forgetLeftForm(path)}>
          {message}
        </FailureNotice>
      ))}
    </>
  );
}
