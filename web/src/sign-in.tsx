/** Shown when the API does not know who we are. */
import { Button } from '@mantine/core';
import { Notice, Snippet } from './ui/notice.js';

export function SignIn() {
  return (
    <main className="tg-main" id="main" data-testid="sign-in">
      <section className="tg-panel" style={{ maxWidth: 620, margin: '8vh auto 0' }}>
        <Notice title="Sign in from your terminal">
          <p>
            Trialgraph has no passwords. When the server starts it prints an address that opens this dashboard signed
            in; it works once. Open that address, or start the server to get a new one:
          </p>
          <Snippet code="npm start" label="command" />
          <p>Look for the line “Open it signed in”. Your browser then stays signed in.</p>
          <Button size="xs" onClick={() => window.location.reload()}>
            I have signed in
          </Button>
        </Notice>
      </section>
    </main>
  );
}
