/** Asks for a token where the gateway asks for one. */

import { type Answer, codeOf } from './gateway.ts';
import { Heading } from './parts/heading.tsx';
import { signIn, token } from './session.ts';
import mark from './waybill.svg';
import { sentenceOf } from './words.ts';

interface Props {
  readonly answer: Answer<unknown>;
  readonly onSignIn: () => void;
}

export function SignIn({ answer, onSignIn }: Props) {
  const code = codeOf(answer);
  const isFirst = token() === undefined && code === 'UNAUTHENTICATED';
  return (
    <main class="sign-in">
      <p class="brand">
        <img src={mark} alt="" width="36" height="36" />
        Waybill
      </p>
      <Heading title="Sign in" />
      <p>This gateway asks for a token.</p>
      {!isFirst && <p role="alert">{sentenceOf(code, answer.errors?.[0]?.message ?? '')}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          signIn(String(form.get('token')).trim(), form.get('keep') !== null);
          onSignIn();
        }}
      >
        <label>
          Token
          <input type="password" name="token" required autocomplete="off" />
        </label>
        <label class="check">
          <input type="checkbox" name="keep" /> Keep it until this tab is closed
        </label>
        <button type="submit">Sign in</button>
      </form>
    </main>
  );
}
