import shaperWasm from 'harfbuzzjs/dist/harfbuzz.wasm';
import subsetterWasm from 'harfbuzzjs/dist/harfbuzz-subset.wasm';

/** One glyph of shaped text. Lengths are in units of the font. */
export interface Glyph {
  readonly id: number;
  /** Where in the text, in UTF-16 units, the cluster begins that it stands for. */
  readonly cluster: number;
  readonly advance: number;
  readonly dx: number;
  readonly dy: number;
}

/** A font that is open for use. It stays open as long as the isolate lives. */
export interface Face {
  readonly name: string;
  readonly font: Uint8Array;
  readonly unitsPerEm: number;
  /** The glyph for a character by itself, or 0 where the font has none. */
  readonly glyphOf: (codePoint: number) => number;
  readonly widthOf: (glyph: number) => number;
  /** The glyphs that stand for the text, in the order and places in which its script is written. */
  readonly shape: (text: string) => Glyph[];
  /** The font with these glyphs only, under the numbers they have. */
  readonly subset: (glyphs: Iterable<number>) => Uint8Array;
}

type Call = (...numbers: number[]) => number;
type Library = Record<string, Call> & { readonly memory: WebAssembly.Memory };

const pageBytes = 65_536;
const writable = 2;
/** Of hb-subset.h: glyphs keep their numbers, and no instructions for small screens. */
const noHinting = 1;
const keepNumbers = 2;
const tablesToDrop = 3;
/** A PDF says which glyph goes where by itself, so what helps to find that out stays behind. */
const unneeded = ['GSUB', 'GPOS', 'GDEF', 'STAT', 'name'];
/** `hb_glyph_info_t` and `hb_glyph_position_t` are five words each. */
const wordsEach = 5;

let shaper: Library | undefined;
let subsetter: Library | undefined;

/** What the library asks of its surroundings: more memory, and nothing else that is used here. */
const shaperOf = (): Library => {
  if (shaper !== undefined) return shaper;
  const stop = (): never => {
    throw new Error('HarfBuzz stopped');
  };
  const grow = (bytes: number): number => {
    const { memory } = library;
    try {
      memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / pageBytes));
      return 1;
    } catch {
      return 0;
    }
  };
  const instance = new WebAssembly.Instance(shaperWasm, {
    env: {
      emscripten_resize_heap: grow,
      _abort_js: stop,
      _setitimer_js: () => 0,
      _emscripten_runtime_keepalive_clear: () => undefined,
    },
    wasi_snapshot_preview1: { proc_exit: stop },
  });
  const library = instance.exports as unknown as Library;
  library.__wasm_call_ctors?.();
  shaper = library;
  return library;
};

const subsetterOf = (): Library => {
  if (subsetter === undefined) {
    subsetter = new WebAssembly.Instance(subsetterWasm, {}).exports as unknown as Library;
    subsetter._initialize?.();
  }
  return subsetter;
};

const call = (library: Library, name: string, ...numbers: number[]): number => {
  const f = library[name];
  if (f === undefined) throw new Error(`HarfBuzz has no ${name}`);
  return f(...numbers);
};

/** Copies bytes into a library's memory. Its blob owns them from then on, or whoever frees them. */
const copied = (library: Library, bytes: Uint8Array): number => {
  const at = call(library, 'malloc', bytes.byteLength);
  new Uint8Array(library.memory.buffer).set(bytes, at);
  return at;
};

const blobOf = (library: Library, at: number, bytes: number): number =>
  call(library, 'hb_blob_create', at, bytes, writable, 0, 0);

const shapeWith = (library: Library, font: number, text: string): Glyph[] => {
  const units = Uint16Array.from(text, (_, i) => text.charCodeAt(i));
  const at = copied(library, new Uint8Array(units.buffer));
  const buffer = call(library, 'hb_buffer_create');
  call(library, 'hb_buffer_add_utf16', buffer, at, units.length, 0, units.length);
  call(library, 'hb_buffer_guess_segment_properties', buffer);
  call(library, 'hb_shape', font, buffer, 0, 0);
  const count = call(library, 'hb_buffer_get_length', buffer);
  const infos = call(library, 'hb_buffer_get_glyph_infos', buffer, 0) / 4;
  const places = call(library, 'hb_buffer_get_glyph_positions', buffer, 0) / 4;
  const words = new Int32Array(library.memory.buffer);
  const word = (at: number): number => words[at] ?? 0;
  const glyphs = Array.from({ length: count }, (_, i) => {
    const info = infos + i * wordsEach;
    const place = places + i * wordsEach;
    return {
      id: word(info),
      cluster: word(info + 2),
      advance: word(place),
      dx: word(place + 2),
      dy: word(place + 3),
    };
  });
  call(library, 'hb_buffer_destroy', buffer);
  call(library, 'free', at);
  return glyphs;
};

const tagOf = (name: string): number => [...name].reduce((tag, letter) => (tag << 8) | letter.charCodeAt(0), 0);

const subsetOf = (font: Uint8Array, glyphs: Iterable<number>): Uint8Array => {
  const library = subsetterOf();
  const source = copied(library, font);
  const blob = blobOf(library, source, font.byteLength);
  const face = call(library, 'hb_face_create', blob, 0);
  const input = call(library, 'hb_subset_input_create_or_fail');
  const wanted = call(library, 'hb_subset_input_glyph_set', input);
  for (const glyph of glyphs) call(library, 'hb_set_add', wanted, glyph);
  const dropped = call(library, 'hb_subset_input_set', input, tablesToDrop);
  for (const table of unneeded) call(library, 'hb_set_add', dropped, tagOf(table));
  call(library, 'hb_subset_input_set_flags', input, noHinting | keepNumbers);
  const small = call(library, 'hb_subset_or_fail', face, input);
  if (small === 0) throw new Error('HarfBuzz could not make a subset');
  const result = call(library, 'hb_face_reference_blob', small);
  const length = call(library, 'hb_blob_get_length', result);
  const at = call(library, 'hb_blob_get_data', result, 0);
  const bytes = new Uint8Array(library.memory.buffer).slice(at, at + length);
  for (const [name, it] of [
    ['hb_blob_destroy', result],
    ['hb_face_destroy', small],
    ['hb_subset_input_destroy', input],
    ['hb_face_destroy', face],
    ['hb_blob_destroy', blob],
  ] as const)
    call(library, name, it);
  call(library, 'free', source);
  return bytes;
};

/** Opens a TrueType font. `name` is what PDF readers list it as. */
export const openFace = (name: string, font: Uint8Array): Face => {
  const library = shaperOf();
  const face = call(library, 'hb_face_create', blobOf(library, copied(library, font), font.byteLength), 0);
  const unitsPerEm = call(library, 'hb_face_get_upem', face);
  const opened = call(library, 'hb_font_create', face);
  call(library, 'hb_font_set_scale', opened, unitsPerEm, unitsPerEm);
  const answer = call(library, 'malloc', 4);
  return {
    name,
    font,
    unitsPerEm,
    glyphOf: (codePoint) =>
      call(library, 'hb_font_get_nominal_glyph', opened, codePoint, answer) === 0
        ? 0
        : (new Uint32Array(library.memory.buffer)[answer / 4] ?? 0),
    widthOf: (glyph) => call(library, 'hb_font_get_glyph_h_advance', opened, glyph),
    shape: (text) => shapeWith(library, opened, text),
    subset: (glyphs) => subsetOf(font, glyphs),
  };
};
