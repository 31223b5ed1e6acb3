import type { ReactElement, ReactNode } from 'react';

const cut = 'var(--c-surface)';

/** All shapes, drawn on 16 × 16 with a 1.4 stroke. */
const shapes = {
  logo: (
    <>
      <path d="M3 8.2a5 5 0 0 1 10 0" />
      <rect x="2" y="8" width="3" height="4.5" rx="1.2" fill="currentColor" />
      <rect x="11" y="8" width="3" height="4.5" rx="1.2" fill="currentColor" />
      <path d="M12.5 12.5c0 1.4-1.4 2-3.2 2" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  cloud: (
    <>
      <path d="M4.6 12.5a2.9 2.9 0 0 1-.3-5.7 3.9 3.9 0 0 1 7.5.6 2.6 2.6 0 0 1-.2 5.1Z" />
      <path d="m6.2 9.3 1.4 1.4 2.5-2.7" />
    </>
  ),
  'cloud-up': (
    <>
      <path d="M4.6 12.5a2.9 2.9 0 0 1-.3-5.7 3.9 3.9 0 0 1 7.5.6 2.6 2.6 0 0 1-.2 5.1Z" />
      <path d="M8 11V8M6.6 9.2 8 7.8l1.4 1.4" />
    </>
  ),
  off: (
    <>
      <path d="M4.6 12.5a2.9 2.9 0 0 1-.3-5.7 3.9 3.9 0 0 1 7.5.6 2.6 2.6 0 0 1-.2 5.1Z" strokeDasharray="2 1.6" />
      <path d="M2.5 2.5l11 11" />
    </>
  ),
  down: <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />,
  up: <path d="m4.5 9.5 3.5-3.5 3.5 3.5" />,
  'axis-past': <circle cx="8" cy="8" r="3" />,
  'axis-today': <circle cx="8" cy="8" r="4" fill="currentColor" stroke="none" />,
  'axis-next': <circle cx="8" cy="8" r="3" strokeDasharray="1.6 1.3" />,
  over: (
    <>
      <path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" fill="currentColor" stroke="none" />
      <path d="M8 4.8v4M8 10.7v.6" stroke={cut} strokeWidth="1.7" />
    </>
  ),
  soon: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M8 8V2.3A5.7 5.7 0 1 1 2.3 8Z" fill="currentColor" stroke="none" />
    </>
  ),
  bell: (
    <>
      <path d="M4.2 11V7.3a3.8 3.8 0 0 1 7.6 0V11l1.2 1.2H3Z" />
      <path d="M6.7 14h2.6M8 3.5V2.2" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v3.2l2 1.3" />
    </>
  ),
  pending: <circle cx="8" cy="8" r="4.7" />,
  processing: (
    <>
      <circle cx="8" cy="8" r="4.7" />
      <path d="M8 3.3a4.7 4.7 0 0 1 0 9.4Z" fill="currentColor" />
    </>
  ),
  waiting: <path d="M5.8 4v8M10.2 4v8" strokeWidth="2.4" />,
  resolved: (
    <>
      <circle cx="8" cy="8" r="5.4" fill="currentColor" stroke="none" />
      <path d="m5.5 8.2 1.8 1.8 3.3-3.7" stroke={cut} />
    </>
  ),
  closed: <rect x="3.8" y="3.8" width="8.4" height="8.4" rx="1" fill="currentColor" stroke="none" />,
  released: <circle cx="8" cy="8" r="4.7" strokeDasharray="2.1 1.6" />,
  suspended: (
    <>
      <circle cx="8" cy="8" r="4.7" />
      <path d="M4.8 11.2 11.2 4.8" />
    </>
  ),
  wait: (
    <>
      <circle cx="8" cy="8" r="5.5" strokeDasharray="2.2 1.7" />
      <path d="M8 10.7V5.6M5.9 7.5 8 5.4l2.1 2.1" />
    </>
  ),
  swap: <path d="M2.5 5.5h10m-2.5-3 3 3-3 3M13 10.5H3.5" />,
  help: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M6.3 6.5a1.7 1.7 0 1 1 2.4 1.6c-.5.2-.7.5-.7 1M8 11v.3" />
    </>
  ),
  clip: <path d="M12.500 7.500 8 12a2.8 2.8 0 0 1-4-4l5-5a1.9 1.9 0 0 1 2.700 2.700L6.900 10.500a.9.9 0 0 1-1.300-1.300L9.500 5.300" />,
  plus: <path d="M8 3.5v9M3.5 8h9" />,
  x: <path d="m4.5 4.5 7 7m0-7-7 7" />,
  device: (
    <>
      <rect x="2.5" y="3" width="11" height="7.5" rx="1" />
      <path d="M8 10.5v3M5.5 13.5h5" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="7.5" height="7.5" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </>
  ),
  phone: (
    <path d="M4.2 2.8 6 3l.9 2.6-1.3 1.2a7.5 7.5 0 0 0 3.6 3.6l1.2-1.3L13 10l.2 1.8c0 .8-.7 1.4-1.5 1.4C6.9 13 3 9.1 2.8 4.3c0-.8.6-1.5 1.4-1.5Z" />
  ),
  check: <path d="m3.5 8.5 3 3 6-7" />,
  cal: (
    <>
      <rect x="2.5" y="3.5" width="11" height="9.5" rx="1.5" />
      <path d="M2.5 6.5h11M5.5 2v2.5M10.5 2v2.5" />
    </>
  ),
  flag: <path d="M4 14V2.8h7.5L10 5.6l1.5 2.9H4" strokeLinejoin="round" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.2" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  note: <path d="M3.5 2.5h9v8l-3 3h-6ZM9.5 13.5v-3h3M6 5.5h4M6 8h4" />,
  pencil: <path d="m3 13 .6-2.7L10.8 3.1l2.1 2.1-7.2 7.2Z" />,
  server: (
    <>
      <rect x="2.5" y="3" width="11" height="4.2" rx="1" />
      <rect x="2.5" y="8.8" width="11" height="4.2" rx="1" />
      <path d="M5 5.1h.1M5 10.9h.1" />
    </>
  ),
  tri: (
    <>
      <path d="M8 2.6 14 13H2Z" strokeLinejoin="round" />
      <path d="M8 6.5v3M8 11.1v.4" />
    </>
  ),
  user: (
    <>
      <circle cx="8" cy="5.5" r="2.5" />
      <path d="M3.5 13c.3-2.6 2-3.9 4.5-3.9s4.2 1.3 4.5 3.9" />
    </>
  ),
  users: (
    <>
      <circle cx="6" cy="5.8" r="2.3" />
      <path d="M2 13c.2-2.4 1.7-3.6 4-3.6s3.8 1.2 4 3.6M10.3 3.700a2.2 2.2 0 0 1 0 4.200M11.5 9.600c1.5.4 2.4 1.6 2.5 3.4" />
    </>
  ),
  inbox: <path d="M2.5 9h3l1 2h3l1-2h3M2.5 9l2-5.500h7l2 5.500v3.500a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1Z" strokeLinejoin="round" />,
  review: <path d="M4 2.500h8a.5.5 0 0 1 .5.5v10a.5.5 0 0 1-.5.5H4a.5.5 0 0 1-.5-.5V3a.5.5 0 0 1 .5-.5ZM5.8 8.300l1.6 1.6 3-3.4" />,
  lapse: (
    <path
      d="M4.5 2.500h7M4.5 13.500h7M5 2.500c0 3 6 4.5 6 5.500s-6 2.5-6 5.500M11 2.500c0 3-6 4.5-6 5.500s6 2.5 6 5.5"
      strokeLinejoin="round"
    />
  ),
  rows: <path d="M3 4h10M3 8h10M3 12h10" />,
  mark: <path d="M4.5 2.500h7v11L8 10.8 4.5 13.500Z" strokeLinejoin="round" />,
  funnel: <path d="M2.5 3.500h11L9.5 8.300v4.200l-3-1.500V8.300Z" strokeLinejoin="round" />,
  columns: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.2" />
      <path d="M6.2 3v10M9.9 3v10" />
    </>
  ),
  gear: (
    <>
      <circle cx="8" cy="8" r="2" />
      <path d="M8 2.300v1.900M8 11.800v1.900M2.3 8h1.900M11.8 8h1.900M4 4l1.3 1.300M10.7 10.7 12 12M12 4l-1.3 1.300M5.3 10.7 4 12" />
    </>
  ),
  bolt: <path d="M9 2 3.8 9h3.700L6.8 14 12.2 7H8.500Z" strokeLinejoin="round" />,
  hidden: <path d="M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4ZM3 13 13 3" />,
  more: <path d="M3.5 8h.1M8 8h.1M12.5 8h.1" strokeWidth="2" />,
  grip: <path d="M6 4h.1M10 4h.1M6 8h.1M10 8h.1M6 12h.1M10 12h.1" strokeWidth="1.8" />,
  export: <path d="M8 2.500v7.500M5.2 7.2 8 10l2.8-2.800M3 11v2.500h10V11" />,
  import: <path d="M8 10V2.500M5.2 5.3 8 2.500l2.8 2.800M3 11v2.500h10V11" />,
  hand: <path d="M8 2.500v7M5 6.500l3 3 3-3M3 13.500h10" />,
  back: <path d="M6 4 2.5 7.5 6 11M2.5 7.500h7a4 4 0 0 1 4 4v1" />,
  give: (
    <>
      <circle cx="6" cy="5.5" r="2.5" />
      <path d="M1.8 13c.2-2.6 1.8-3.9 4.2-3.9 1 0 1.8.2 2.5.6M9.5 12h5M12.2 9.5 14.7 12l-2.5 2.5" />
    </>
  ),
  minimise: <path d="M3.5 8h9" />,
  maximise: <rect x="4" y="4" width="8" height="8" />,
  restore: <path d="M4 6h6v6H4ZM6 6V4h6v6h-2" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

export function IconSprite(): ReactElement {
  return (
    <svg className="sprite" aria-hidden="true" focusable="false">
      {Object.entries(shapes).map(([name, shape]) => (
        <symbol key={name} id={`i-${name}`} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round">
          {shape}
        </symbol>
      ))}
    </svg>
  );
}
