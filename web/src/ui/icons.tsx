/** Small line icons of our own; they take the colour of the text and say nothing to screen readers. */
import type { ReactNode } from 'react';

function icon(content: ReactNode) {
  return function Icon({ size = 16 }: { readonly size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {content}
      </svg>
    );
  };
}

export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.75" />
    <path d="M8 1.5v1.250M8 13.250v1.250M1.500 8h1.250M13.250 8h1.250M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9" />
  </>,
);
export const MoonIcon = icon(<path d="M13.500 9.500A5.750 5.750 0 0 1 6.500 2.500a5.750 5.750 0 1 0 7 7Z" />);
export const SystemIcon = icon(
  <>
    <rect x="1.750" y="2.750" width="12.500" height="8.500" rx="1.250" />
    <path d="M5.500 13.750h5M8 11.250v2.500" />
  </>,
);
export const CopyIcon = icon(
  <>
    <rect x="5.250" y="5.250" width="8" height="8" rx="1.500" />
    <path d="M10.750 5.250v-1.250a1.250 1.250 0 0 0-1.250-1.250h-5.250a1.500 1.500 0 0 0-1.500 1.500v5.250a1.250 1.250 0 0 0 1.250 1.250h1.250" />
  </>,
);
export const CheckIcon = icon(<path d="m3 8.500 3.250 3.250L13 4.750" />);
export const EyeIcon = icon(
  <>
    <path d="M1.500 8s2.250-4.500 6.500-4.500S14.500 8 14.500 8 12.250 12.500 8 12.500 1.500 8 1.500 8Z" />
    <circle cx="8" cy="8" r="1.850" fill="currentColor" />
  </>,
);
export const EyeOffIcon = icon(
  <path
    d="M2 9.500c1.300 1.600 3.300 2.750 6 2.750s4.700-1.150 6-2.750M3.750 11.250 2.500 12.750M8 12.250v1.750M12.250 11.250l1.250 1.500"
    opacity=".55"
  />,
);
export const SearchIcon = icon(
  <>
    <circle cx="7" cy="7" r="4.250" />
    <path d="m10.250 10.250 3.250 3.250" />
  </>,
);
export const PauseIcon = icon(<path d="M5.500 3.500v9M10.500 3.500v9" strokeWidth="2" />);
export const PlayIcon = icon(<path d="M4.750 3.250v9.500l8-4.750Z" />);
export const StopIcon = icon(<rect x="3.750" y="3.750" width="8.500" height="8.500" rx="1.250" />);
export const DownloadIcon = icon(<path d="M8 2.500v7.500M4.750 7 8 10.250 11.250 7M2.750 13.250h10.500" />);
/** The mark: a curve that goes down, and the one before it. */
export function LogoIcon() {
  return (
    <svg
      width="22"
      height="22"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.200"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M4 3.500c.9 9.500 5 13.500 15 14" />
      <path d="M4 11.500c.9 5 4 8.250 9 9" opacity=".45" />
      <circle cx="19.500" cy="17.500" r="2.300" fill="currentColor" stroke="none" />
    </svg>
  );
}
