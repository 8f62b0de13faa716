/** Shown when the API does not know who we are. */
import { Button } from '@mantine/core';
import { Notice, Snippet } from './ui/notice.js';

export function SignIn() {
  return (
    <main className="tg-main" id="main" data-testid="sign-in">
      <section className="tg-panel" style={{ maxWidth: 620, margin: '8vh auto 0' }}>
        <Notice title="Sign in from your terminal">
          <p>
            Trialgraph has no passwords. The server prints an address when it starts; it opens this dashboard signed in,
            and works once. For another one, run this where the server runs:
          </p>
          <Snippet code="npx trialgraph open" label="command" />
          <p>Open the address that it prints. Your browser then stays signed in.</p>
          <Button size="xs" onClick={() => window.location.reload()}>
            I have signed in
          </Button>
        </Notice>
      </section>
    </main>
  );
}
