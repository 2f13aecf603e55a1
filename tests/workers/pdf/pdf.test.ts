import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { pdfAnswer, pdfDocument } from '../../../src/pdf/pdf.ts';
import { readPdf } from '../../support/read-pdf.ts';

const begin = (title = 'A paper') => pdfDocument(env, { title, language: 'bn', atMs: Date.UTC(2026, 10, 2) });

it('[PD1] says its title and language, and does nothing by itself', async () => {
  const pdf = await begin('ব্যবস্থাপত্র');
  pdf.heading('One page');
  const read = await readPdf(await pdf.bytes());
  expect(read).toMatchObject({ title: 'ব্যবস্থাপত্র', language: 'bn', pages: 1, active: [] });
});

it('[PD2] Bengali is shaped, and says its letters to who copies or hears it', async () => {
  const pdf = await begin();
  pdf.letterhead({ name: 'Green Road Clinic', lines: ['Dhaka'], aside: ['Dr Rahim', 'A-12345'] });
  pdf.facts([['Patient', 'নুসরাত খাতুন']]);
  const [text] = (await readPdf(await pdf.bytes())).text;
  expect(text).toBe('Green Road Clinic Dhaka Dr Rahim A-12345 Patient নুসরাত খাতুন A paper 1 / 1');
});

it('[PD3] no character makes it fail', async () => {
  const pdf = await begin();
  const odd = Array.from({ length: 0x1000 }, (_, i) => String.fromCodePoint(i * 16)).join('');
  pdf.paragraph(`${odd} \u202e😀 \ud800 عربي`);
  pdf.table({ columns: [{ title: '😀' }], rows: [['\u0000\u0007'], ['x'.repeat(2_000)], []] });
  pdf.bars({ title: '', labels: [], series: [] });
  pdf.curves({ title: '日', labels: ['1'], series: [{ name: '', values: [Number.MAX_SAFE_INTEGER] }] });
  const { text } = await readPdf(await pdf.bytes());
  expect(text.join(' ')).toContain('�');
});

it('[PD4] a table goes on over pages, its head on each', async () => {
  const pdf = await begin();
  const rows = Array.from({ length: 120 }, (_, i) => [`row-${i}`, 'a note that is long enough to take two lines here']);
  pdf.table({ columns: [{ title: 'Name' }, { title: 'Note' }], rows: [...rows, ['tall', 'word '.repeat(1_500)]] });
  const read = await readPdf(await pdf.bytes());
  expect(read.pages).toBeGreaterThan(4);
  for (const [i, page] of read.text.entries()) {
    expect(page.startsWith('Name Note')).toBe(true);
    expect(page.endsWith(`${i + 1} / ${read.pages}`)).toBe(true);
  }
  const all = read.text.join(' ');
  expect(rows.filter(([name]) => !all.includes(`${name} `))).toEqual([]);
  expect(all.match(/\bword\b/g)).toHaveLength(1_500);
});

it('[PD5] the same paper is the same file, and small', async () => {
  const paper = async () => {
    const pdf = await begin();
    pdf.paragraph('The quick brown fox — ক্লিনিক');
    pdf.bars({ title: 'Visits', labels: ['Jan', 'Feb'], series: [{ name: 'All', values: [3, 4] }] });
    return pdf.bytes();
  };
  const [first, second] = [await paper(), await paper()];
  expect(first).toEqual(second);
  expect(first.byteLength).toBeLessThan(25_000);
});

it('[PD6] a code is read as what it was made of', async () => {
  const address = 'https://daybook.example/rx/MhX2_0bTf-vWkQ1sR7yZ9cLp4nJ8uEaG';
  const pdf = await begin();
  pdf.qr(address, ['Scan me']);
  expect((await readPdf(await pdf.bytes())).qr()).toBe(address);
});

it('[PD7] a file that is offered cannot run, be kept, or name its way out of the header', async () => {
  const { headers } = pdfAnswer(new Uint8Array(1), 'a"; x=\r\n.pdf');
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': 'attachment; filename="a---x---.pdf"',
    'cache-control': 'private, no-store',
    'content-security-policy': "default-src 'none'; sandbox",
  });
});
