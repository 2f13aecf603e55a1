import type { Visit } from '../visit.tsx';

/** Paths on a grid of 24 points, drawn by a stroke. */
const shapes = {
  alert: 'M12 8v5m0 3.5v.01M10.3 3.9 2 18a2 2 0 0 0 1.7 3h16.6a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z',
  bell: 'M18 8a6 6 0 1 0-12 0c0 7-3 8-3 9h18c0-1-3-2-3-9M10 21h4',
  book: 'M5 4h6a3 3 0 0 1 3 3v13a2 2 0 0 0-2-2H5ZM19 4h-2a3 3 0 0 0-3 3',
  calendar: 'M4 6h16v14H4ZM4 10h16M8 3v4m8-4v4',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  cross: 'M6 6l12 12M18 6 6 18',
  download: 'M12 4v11m-5-4 5 5 5-5M5 20h14',
  file: 'M6 3h8l5 5v13H6ZM14 3v5h5',
  people: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 10a7 7 0 0 1 14 0M16 3.5a4 4 0 0 1 0 7M22 21a7 7 0 0 0-4-6.3',
  pin: 'M12 21s7-6.2 7-11.5a7 7 0 1 0-14 0C5 14.8 12 21 12 21Zm0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  search: 'm20 20-4.5-4.5M17 10.5a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0Z',
  star: 'm12 3 2.8 5.8 6.2.9-4.5 4.4 1.1 6.3L12 17.4l-5.6 3 1.1-6.3L3 9.7l6.2-.9Z',
  video: 'M3 7h12v10H3Zm12 4 6-3v8l-6-3',
} as const;

export type IconName = keyof typeof shapes;

/** An icon beside words that say the same: those who listen to the page do not hear of it. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={shapes[name]} />
  </svg>
);

/** What the camera beside a time says. */
export const VideoKey = ({ visit }: { readonly visit: Visit }) => (
  <span class="whole">
    <Icon name="video" /> {visit.words.modes.video}
  </span>
);
