/** For addresses that lead nowhere. */
import { Link } from '@tanstack/react-router';
import { Notice } from './ui/notice.js';

export function NotFound() {
  return (
    <main className="tg-main" id="main" data-testid="not-found">
      <section className="tg-panel" style={{ maxWidth: 620, margin: '8vh auto 0' }}>
        <Notice title="Nothing is here">
          <p>This address does not belong to a page of Trialgraph.</p>
          <Link to="/" className="tg-link">
            All experiments
          </Link>
        </Notice>
      </section>
    </main>
  );
}
