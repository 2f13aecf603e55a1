import type { Pdf, PdfOptions } from './document.ts';

export type { Chart, Series } from './chart.ts';
export type { Pdf, PdfOptions } from './document.ts';
export type { Column, Table } from './table.ts';

/**
 * Begins a PDF. What draws it is loaded by the first who asks, so that no isolate starts slower for it.
 *
 * ```ts
 * const pdf = await pdfDocument(c.env, { title: 'Receipt 7', language: 'en', atMs: Date.now() });
 * pdf.heading('Receipt');
 * pdf.table({ columns: [{ title: 'For', width: 3 }, { title: 'Amount', align: 'right' }], rows });
 * return pdfAnswer(await pdf.bytes(), 'receipt-7.pdf');
 * ```
 */
export const pdfDocument = async (env: Pick<Env, 'ASSETS'>, options: PdfOptions): Promise<Pdf> => {
  const [{ documentIn }, { fontsOf }] = await Promise.all([import('./document.ts'), import('./fonts.ts')]);
  return documentIn(await fontsOf(env.ASSETS), options);
};

/**
 * A PDF as an answer: offered to be saved, kept by no cache, and asleep where a browser shows it.
 *
 * @param name of the file, without anything personal in it
 */
export const pdfAnswer = (bytes: Uint8Array, name: string): Response =>
  new Response(bytes, {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '-')}"`,
      'cache-control': 'private, no-store',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    },
  });
