import { type Results, summarise } from './result.ts';

const width = 760;
const labelWidth = 130;
const barHeight = 16;
const gap = 4;
const titleHeight = 26;
const colours: Readonly<Record<string, string>> = {
  daybook: '#0a7d5a',
  floor: '#8a8f98',
  serializable: '#b4552d',
  for_update: '#c98a2b',
  unique_index: '#4a6fa5',
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The bookings a second of every experiment as bars, in an SVG that stands alone. */
export const plotOf = (results: Results): string => {
  const marks: string[] = [];
  let y = 8;
  for (const { title, samples } of results.experiments) {
    const summaries = summarise(samples);
    const most = Math.max(1, ...summaries.map(({ perSecond }) => perSecond));
    y += titleHeight - 8;
    marks.push(`<text x="8" y="${y}" font-weight="600">${escaped(title)}</text>`);
    y += 8;
    for (const { contender, perSecond } of summaries) {
      const length = Math.round(((width - labelWidth - 90) * perSecond) / most);
      const middle = y + barHeight - 4;
      marks.push(
        `<text x="8" y="${middle}">${escaped(contender)}</text>`,
        `<rect x="${labelWidth}" y="${y}" width="${length}" height="${barHeight}" fill="${colours[contender] ?? '#666'}"/>`,
        `<text x="${labelWidth + length + 6}" y="${middle}">${Math.round(perSecond)}</text>`,
      );
      y += barHeight + gap;
    }
    y += 6;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y + 8}" viewBox="0 0 ${width} ${y + 8}"`,
    '  font-family="system-ui, sans-serif" font-size="12" role="img">',
    '<title>Succeeded a second, by experiment and contender</title>',
    `<rect width="${width}" height="${y + 8}" fill="#fff"/>`,
    ...marks,
    '</svg>',
    '',
  ].join('\n');
};
