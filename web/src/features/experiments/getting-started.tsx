/** The page before the first experiment. */
import { Notice, Snippet } from '../../ui/notice.js';

const SCRIPT = `import trialgraph

with trialgraph.init(project="vision", experiment="mnist", params={"lr": 1e-3}) as trial:
    for step in range(100):
        trial.log({"loss": train_one_step(trial.params)}, step=step)`;

export function GettingStarted() {
  return (
    <section className="tg-panel" data-testid="experiments-empty">
      <Notice title="No experiments yet">
        <p>See a real search at work: it trains small networks on handwritten digits, on this machine.</p>
        <Snippet code="npm run demo" label="command" />
        <p>Or track your own training in five lines:</p>
        <Snippet code={SCRIPT} label="script" />
        <p>Experiments appear here by themselves.</p>
      </Notice>
    </section>
  );
}
