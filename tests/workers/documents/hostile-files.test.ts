import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { type Actor, signedIn } from '../../support/clinic.ts';
import { nobody } from '../../support/visits.ts';
import {
  archiveEnd,
  catalog,
  deflated,
  joined,
  jpeg,
  objectStream,
  pdf,
  png,
  pngChunk,
  sends,
  sendsFile,
  typeOf,
} from '../../support/whole-files.ts';

let patient: Actor;
beforeAll(async () => {
  patient = await signedIn(nobody(), 'patient');
});

/** What there is of the patient: rows, and objects in the bucket. */
const left = async (): Promise<[number, number]> => {
  const rows = await env.DB.prepare('select count(*) as n from patient_documents where patient_id = ?')
    .bind(patient.id)
    .first<number>('n');
  return [rows ?? 0, (await env.DOCUMENTS.list({ prefix: 'patients/' })).objects.length];
};

/** A body whose length nobody knows. */
const unmeasured = (bytes: Uint8Array): ReadableStream =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(bytes);
      controller.close();
    },
  });

/** Why a file is not taken: the code, and what is said of it. */
const why = async (bytes: Uint8Array<ArrayBuffer>) => {
  const { status, body } = await sendsFile(patient, bytes);
  return [status, body.errors?.[0]?.path, body.errors?.[0]?.message];
};

const afterEnd = [422, 'file', 'holds something after its end'];
const opaque = [422, 'file', 'holds objects that cannot be looked into'];
const script = '<< /S /JavaScript /JS (app.alert(1)) >>';
const hidden = `1 0 ${script}`;

test('[DO3] a file is what its bytes are: other kinds, and other lengths, are refused and leave nothing', async () => {
  const before = await left();
  const svg = joined('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
  for (const [bytes, type] of [
    [svg, 'image/png'],
    [svg, 'image/svg+xml'],
    [joined('<!doctype html><script>'), 'application/pdf'],
    [joined('PK\x03\x04'), 'application/pdf'],
    [joined(' ', pdf()), 'application/pdf'],
    [png(), 'image/jpeg'],
    [new Uint8Array(), 'image/png'],
  ] as const) {
    const answer = await sends(patient, bytes, { type, length: bytes.length });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_document']);
  }
  const whole = png();
  expect((await sends(patient, whole.slice(0, -4), { type: 'image/png', length: whole.length })).status).toBe(422);
  expect((await sends(patient, unmeasured(whole), { type: 'image/png', length: null })).body.code).toBe(
    'length_required',
  );
  expect((await sends(patient, whole, { type: 'image/png', length: 20_000_001 })).body.code).toBe('file_too_large');
  expect(await left()).toEqual(before);
});

test('[DO4] a picture is whole, of a size that can be opened, and has nothing behind it', async () => {
  const before = await left();
  expect(await why(joined(png(), '<script>alert(1)</script>'))).toEqual(afterEnd);
  expect(await why(joined(jpeg(), archiveEnd))).toEqual(afterEnd);
  expect(await why(joined(jpeg(), new Uint8Array(70_000)))).toEqual(afterEnd);
  expect(await why(jpeg(65_535, 65_535))).toEqual([
    422,
    'file',
    expect.stringContaining('more than 80 million points'),
  ]);
  expect(await why(png(30_000, 30_000))).toEqual([422, 'file', expect.stringContaining('more than 80 million points')]);
  expect(await why(png(1, 4_000_000_000))).toEqual([422, 'file', expect.stringContaining('on a side')]);
  expect(await why(png(0, 5))).toEqual([422, 'file', 'has no size']);
  expect(await why(png(2, 2, pngChunk('IHDR', new Uint8Array(13))))).toEqual([422, 'file', 'is no whole PNG']);
  expect(await why(joined(png().slice(0, 8), new Uint8Array(40)))).toEqual([422, 'file', 'is no whole PNG']);
  expect(await why(png().slice(0, -12))).toEqual([422, 'file', 'ends before it is whole']);
  expect(await why(jpeg().slice(0, -2))).toEqual([422, 'file', 'ends before it is whole']);
  expect(await why(joined([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xd9]))).toEqual([
    422,
    'file',
    'is no whole JPEG',
  ]);
  // Within a part of the picture, so that it ends as a picture does: unpacking programs look there for archives.
  expect(await why(png(2, 2, pngChunk('tEXt', archiveEnd)))).toEqual([422, 'file', 'is an archive as well']);
  expect(await left()).toEqual(before);
});

test('[DO5] a PDF that acts, holds other files, is encrypted or broken is refused, however its names are written', async () => {
  const before = await left();
  const refused: readonly (readonly [string, string])[] = [
    [script, 'holds JavaScript'],
    ['<< /S /J#61vaScr#69pt >>', 'holds JavaScript'],
    ['<< /JS 5 0 R >>', 'holds JavaScript'],
    ['<< /S /Launch /F (cmd.exe) >>', 'starts programs'],
    ['<< /Type /EmbeddedFile >>', 'holds other files'],
    ['<< /Names << /EmbeddedFiles 4 0 R >> >>', 'holds other files'],
    ['<< /Subtype /RichMedia >>', 'holds rich media'],
    ['<< /AcroForm << /XFA [] >> >>', 'holds an XFA form'],
    ['<< /AA << /O 4 0 R >> >>', 'acts by itself'],
    ['<< /OpenAction << /S /URI >> >>', 'acts when it is opened'],
    ['<< /OpenAction 5 0 R >>', 'acts when it is opened'],
    ['<< /S /SubmitForm >>', 'sends what is typed'],
    ['<< /Encrypt 6 0 R >>', 'is encrypted, so that it cannot be looked into'],
    // Hidden from who trusts comments, streams, or where a block ends.
    [`(% >>stream\n) ${script}`, 'holds JavaScript'],
    [`<< >>\nstream\n${script}\nendstream`, 'holds JavaScript'],
    [`${' '.repeat(65_536 - 85)}/JavaScript`, 'holds JavaScript'],
  ];
  for (const [object, message] of refused) {
    expect([object, ...(await why(pdf(catalog, object)))]).toEqual([object, 422, 'file', message]);
  }
  expect(await why(joined(pdf(catalog), 'PK\x03\x04 and more'))).toEqual(afterEnd);
  expect(await why(joined(pdf(catalog), '<html>'))).toEqual(afterEnd);
  expect(await why(pdf(catalog, joined('(', archiveEnd, ')')))).toEqual([422, 'file', 'is an archive as well']);
  expect(await why(joined('%PDF-1.7\n1 0 obj << >> endobj'))).toEqual([422, 'file', 'ends before it is whole']);
  expect(await left()).toEqual(before);
});

test('[DO6] what a PDF packs away is unpacked and looked at; what cannot be looked into is refused', async () => {
  const before = await left();
  const flate = '/Filter /FlateDecode';
  const js = [422, 'file', 'holds JavaScript'];
  expect(await why(pdf(catalog, await objectStream(hidden)))).toEqual(js);
  // Readers take for object streams what does not say so; and dictionaries can be made to look like others.
  expect(await why(pdf(catalog, await objectStream(hidden, `/N 1 /First 4 ${flate}`)))).toEqual(js);
  expect(await why(pdf(catalog, await objectStream(hidden, `/First 4 /N 1 % 1 0 obj <<\n ${flate}`)))).toEqual(js);
  expect(await why(pdf(catalog, await objectStream(hidden, `/First 4 % stream 1 0 obj <<\n /N 1 ${flate}`)))).toEqual(
    js,
  );
  const padded = `${' '.repeat(300_000)}${hidden}`;
  expect(await why(pdf(catalog, await objectStream(padded)))).toEqual(js);
  const unsaid = joined('<< /First 4 >> << /N 1 >> % stream 1 0 obj\n');
  const later = joined(unsaid, await objectStream(padded, flate));
  expect(await why(pdf(catalog, later))).toEqual(js);
  // An end in the midst of the data, in a part that is stored as it is; and a beginning that only readers find.
  const start = joined([0x78, 0x01, 0, 15, 0, 240, 255], '1 0 %endstream\n');
  const cut = joined(start, await deflated(joined(script), 'deflate-raw'), [0, 0, 0, 0]);
  const guise = `<< /Type /ObjStm /N 1 /First 15 % 1 0 obj <<\n ${flate} >>\n`;
  expect(await why(pdf(catalog, joined(guise, 'stream\n', cut, '\nendstream')))).toEqual(opaque);
  const summed = await deflated(joined(hidden));
  const unlike = summed.map((byte, i) => (i < summed.length - 4 ? byte : ~byte));
  for (const wrong of [unlike, summed.slice(0, -4), joined(summed, 'more')]) {
    const stream = joined(guise.replace('15', '4'), 'stream\n', wrong, '\nendstream');
    expect(await why(pdf(catalog, stream))).toEqual(opaque);
  }
  for (const beginning of ['stream \n', 'stream  ', 'stream % data\r\n']) {
    expect(await why(pdf(catalog, joined(guise, beginning, summed, '\nendstream')))).toEqual(js);
  }
  for (const dictionary of [
    '/Type /ObjStm /N 1 /First 4 /Filter /LZWDecode',
    '/Type /ObjStm /N 1 /First 4 /Filter [/ASCII85Decode /FlateDecode]',
    '/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]',
    `/Type /ObjStm /N 1 /First 4 ${flate} /DecodeParms << /Predictor 12 >>`,
  ]) {
    expect([dictionary, ...(await why(pdf(catalog, await objectStream('1 0 << >>', dictionary))))]).toEqual([
      dictionary,
      ...opaque,
    ]);
  }
  const broken = joined(`<< /Type /ObjStm /N 1 /First 4 ${flate} >>\nstream\n`, 'no deflate', '\nendstream');
  expect(await why(pdf(catalog, broken))).toEqual(opaque);
  const bomb = await objectStream(joined('1 0 ', new Uint8Array(17_000_000).fill(32)));
  expect(bomb.length).toBeLessThan(30_000);
  expect(await why(pdf(catalog, bomb))).toEqual([422, 'file', 'unpacks to more than is looked into']);
  expect(await left()).toEqual(before);
});

test('[DO7] what people have is taken: scans, photographs, letters with packed objects', async () => {
  const image = joined(
    '<< /Subtype /Image /Filter /DCTDecode /Length 40 >>\nstream\n',
    '/JS /AA x',
    jpeg(),
    '\nendstream',
  );
  const text = await deflated(Uint8Array.from(joined('0.1 w\n1 0 0 1 0 0 cm BT (Blood /JS count) Tj ET')));
  const content = joined(`<< /Filter /FlateDecode /Length ${text.length} >>\nstream\n`, text, '\nendstream');
  // Some programs leave the sum at the end out.
  const unsummed = joined('<< /Filter /FlateDecode >>\nstream\n', text.slice(0, -4), '\nendstream');
  const harmless = await objectStream('1 0 << /Type /Font /BaseFont /AAAAAA+Inter >>');
  const outlines = '<< /Type /Outlines /First 5 0 R /AP << /N 6 0 R >> >>';
  const long = new Uint8Array(200_000).map((_, i) => (i * 7_919) >> 3);
  for (const bytes of [
    png(),
    png(8_000, 9_000, pngChunk('zTXt', long)),
    jpeg(),
    pdf(catalog),
    pdf(catalog, outlines, image, content, unsummed, harmless, image),
    joined(pdf(catalog), '\r\n\0 '),
  ]) {
    const { status, body } = await sendsFile(patient, bytes);
    expect([status, body.bytes, body.mediaType, body.errors]).toEqual([201, bytes.length, typeOf(bytes), undefined]);
  }
});
