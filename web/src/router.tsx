/** The addresses. Everything that a page shows differently is in its search parameters. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { ExperimentPage } from './features/experiment/experiment-page.js';
import { readExperimentSearch } from './features/experiment/search.js';
import { ExperimentsPage } from './features/experiments/experiments-page.js';
import { readExperimentsSearch } from './features/experiments/search.js';
import { readTrialSearch } from './features/trial/search.js';
import { TrialPage } from './features/trial/trial-page.js';
import { NotFound } from './not-found.js';
import { Shell } from './shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const experiments = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readExperimentsSearch,
  component: function Experiments() {
    const navigate = experiments.useNavigate();
    return (
      <ExperimentsPage
        search={experiments.useSearch()}
        onSearch={(search) => void navigate({ search, replace: true })}
      />
    );
  },
});

const experiment = createRoute({
  getParentRoute: () => root,
  path: '/experiments/$id',
  validateSearch: readExperimentSearch,
  component: function Experiment() {
    const navigate = experiment.useNavigate();
    const { id } = experiment.useParams();
    return (
      <ExperimentPage
        key={id}
        id={id}
        search={experiment.useSearch()}
        onSearch={(change) => void navigate({ search: (last) => ({ ...last, ...change }), replace: true })}
        onOpenTrial={(trialId) => void navigate({ to: '/trials/$id', params: { id: trialId }, search: {} })}
      />
    );
  },
});

const trial = createRoute({
  getParentRoute: () => root,
  path: '/trials/$id',
  validateSearch: readTrialSearch,
  component: function Trial() {
    const navigate = trial.useNavigate();
    const { id } = trial.useParams();
    return (
      <TrialPage
        key={id}
        id={id}
        search={trial.useSearch()}
        onSearch={(change) => void navigate({ search: (last) => ({ ...last, ...change }), replace: true })}
      />
    );
  },
});

export const router = createRouter({
  routeTree: root.addChildren([experiments, experiment, trial]),
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: writeSearch,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** Plain addresses that people can read and write: lists with commas, true as 1. */
function writeSearch(search: Record<string, unknown>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined) parts.set(name, value === true ? '1' : String(value));
  }
  const text = parts.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}
