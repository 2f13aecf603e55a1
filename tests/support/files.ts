import { call } from './api.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Small files that begin as their kinds do. Each is another one, for the same file twice is one document. */
export const fileOf = {
  pdf: (): Uint8Array => text(`%PDF-1.7\n% ${crypto.randomUUID()}\n%%EOF\n`),
  jpeg: (): Uint8Array => new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...text(crypto.randomUUID())]),
  png: (): Uint8Array => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...text(crypto.randomUUID())]),
};

/** Sends a file as the body of a request, as a browser does. */
export const upload = (
  doctorId: string,
  as: { readonly token: string } | null,
  bytes: Uint8Array,
  type = 'application/pdf',
  length: string | null = String(bytes.length),
): Promise<Response> => {
  const headers = new Headers({ 'content-type': type });
  if (as !== null) headers.set('authorization', `Bearer ${as.token}`);
  if (length !== null) headers.set('content-length', length);
  return call(`/doctors/${doctorId}/documents`, { method: 'POST', headers, body: bytes });
};

/** Uploads a document that must be taken, and gives its id. */
export const uploaded = async (doctor: { readonly id: string; readonly token: string }): Promise<string> => {
  const response = await upload(doctor.id, doctor, fileOf.pdf());
  if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
  return (await response.json<{ id: string }>()).id;
};
