/** Where the page is, shown in the header; each page fills it. */
import { createContext, type ReactNode, useContext } from 'react';
import { createPortal } from 'react-dom';

/** The header's place for it; null before the header is there. */
export const CrumbPlace = createContext<HTMLElement | null>(null);

/** `children` are list items; the last one carries aria-current. */
export function Crumbs({ children }: { readonly children: ReactNode }) {
  const place = useContext(CrumbPlace);
  return place ? createPortal(<ol>{children}</ol>, place) : null;
}
