/** What happens next in virtual time: a heap by time, ties in the order of entry. */

export interface EventQueue<Event> {
  readonly add: (time: number, event: Event) => void;
  /** Takes the earliest out; null when nothing is left. */
  readonly next: () => { readonly time: number; readonly event: Event } | null;
}

interface Entry<Event> {
  readonly time: number;
  readonly order: number;
  readonly event: Event;
}

/** An empty queue; both ways O(log n). */
export function createEventQueue<Event>(): EventQueue<Event> {
  const heap: Entry<Event>[] = [];
  let entered = 0;

  const isBefore = (i: number, j: number) => {
    const [a, b] = [heap[i], heap[j]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.time < b.time || (a.time === b.time && a.order < b.order);
  };
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j] as Entry<Event>, heap[i] as Entry<Event>]; // Both are in the heap.
  };
  return {
    add: (time, event) => {
      heap.push({ time, order: entered++, event });
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (!isBefore(i, parent)) return;
        swap(i, parent);
        i = parent;
      }
    },
    next: () => {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined) return null;
      if (heap.length > 0) heap[0] = last;
      for (let i = 0; ; ) {
        const child = isBefore(2 * i + 2, 2 * i + 1) ? 2 * i + 2 : 2 * i + 1;
        if (child >= heap.length || !isBefore(child, i)) return first;
        swap(i, child);
        i = child;
      }
    },
  };
}
