/** The order of a list of experiments, and what its cursors hold. */
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentOrder, ExperimentOrderBy, ExperimentPosition } from '../../store/queries/experiment-list.js';
import { idOf, invalidCursor } from '../page.js';

export interface GivenOrder {
  readonly by: ExperimentOrderBy;
  /** Absent: ASC. */
  readonly direction?: ExperimentOrder['direction'] | null;
}

interface CursorOrder {
  readonly order: ExperimentOrder;
  /** The name of the list for its cursors: those of another order are refused. */
  readonly list: string;
  positionOf(experiment: Experiment): readonly string[];
  /** @throws CURSOR_INVALID */
  positionIn(parts: readonly unknown[] | null): ExperimentPosition | null;
}

const TEXTS: Readonly<Record<ExperimentOrderBy, (experiment: Experiment) => readonly string[]>> = {
  CREATED_AT: () => [],
  NAME: ({ name }) => [name],
  STATE: ({ state }) => [state],
};

/** The order asked for; newest first when none is. */
export function experimentOrder(given: GivenOrder | null | undefined): CursorOrder {
  const order: ExperimentOrder = given
    ? { by: given.by, direction: given.direction ?? 'ASC' }
    : { by: 'CREATED_AT', direction: 'DESC' };
  return {
    order,
    list: `experiments:${order.by}:${order.direction}`,
    positionOf: (experiment) => [...TEXTS[order.by](experiment), experiment.id],
    positionIn: (parts) => {
      if (parts === null) return null;
      if (order.by === 'CREATED_AT') return { text: '', id: idOf(parts) };
      const [text, ...rest] = parts;
      if (typeof text !== 'string') throw invalidCursor();
      return { text, id: idOf(rest) };
    },
  };
}
