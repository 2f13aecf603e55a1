import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { type Depth, problemsOf, requireNone } from '../sound/checked.ts';
import { Watch } from '../sound/watch.ts';
import { type Hands, pointing, typing } from './hands.ts';
import type { Person } from './people.ts';
import { picture } from './pictures.ts';
import './provided.ts';

/** The widths that pages are made for, in CSS pixels. */
const widths = [360, 768, 1280] as const;
const themes = ['light', 'dark'] as const;
export const languages = ['en', 'bn'] as const;

/** With what somebody comes. */
export interface Look {
  readonly width?: (typeof widths)[number];
  readonly theme?: (typeof themes)[number];
  readonly language?: (typeof languages)[number];
  readonly javaScript?: boolean;
  /** Whether they point. Who comes without scripts does; all others have nothing but the keyboard, unless told. */
  readonly points?: boolean;
  /** Who is signed in; nobody, unless told. */
  readonly as?: Person | null;
  /** Whether things may move. Nothing does, unless told: then no check comes in the middle of it. */
  readonly motion?: boolean;
  /** The origin that they visit; Daybook's, unless told. */
  readonly at?: string;
}

const heights = { 360: 740, 768: 1024, 1280: 800 } as const;
const locales = { en: 'en-GB', bn: 'bn-BD' } as const;

/**
 * How much of a page is looked at where: what can be done with it depends on the width, its colours on the theme, how
 * long its words are on the language.
 */
const depths: Readonly<Record<string, Readonly<Record<string, Readonly<Partial<Record<number, Depth>>>>>>> = {
  en: { light: { 360: 'whole', 768: 'layout', 1280: 'whole' }, dark: { 1280: 'colours' } },
  bn: { light: { 360: 'whole', 768: 'layout', 1280: 'layout' }, dark: { 360: 'colours' } },
};

let browser: Promise<Browser> | undefined;
const open = new Set<BrowserContext>();

/** Somebody who visits Daybook with a browser of their own: no cookies but those of who they are. */
export class Visitor {
  readonly page: Page;
  readonly look: Required<Look>;
  readonly watch: Watch;
  /** What they do things with. */
  readonly hands: Hands;

  constructor(page: Page, look: Required<Look>) {
    this.page = page;
    this.look = look;
    this.hands = look.points ? pointing : typing;
    this.watch = new Watch(page, look.at);
    // While somebody listens, choosers are held back. Begun anew for each file, it may come too late for its key.
    page.on('filechooser', () => undefined);
  }

  /** Opens a path of ours, and gives the status of the answer. */
  async opens(path: string): Promise<number> {
    const response = await this.page.goto(this.look.at + path);
    return response?.status() ?? 0;
  }

  /** Writes into fields, chooses in lists, and ticks boxes (`true`, `false`), by their labels. */
  async fills(fields: Readonly<Record<string, string | boolean>>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      const field = this.page.getByLabel(label, { exact: true });
      if (typeof value === 'boolean') await this.hands.ticks(field, value);
      else if ((await field.evaluate((element) => element.localName)) === 'select')
        await this.hands.chooses(field, value);
      else await this.hands.writes(field, value);
    }
  }

  /** Presses a button by its name. */
  presses(button: string | RegExp | Locator): Promise<void> {
    return this.hands.presses(this.#one('button', button));
  }

  /** Follows a link by its name. */
  follows(link: string | RegExp | Locator): Promise<void> {
    return this.hands.presses(this.#one('link', link));
  }

  /** Ticks a box by its name. */
  ticks(box: string | RegExp | Locator, on = true): Promise<void> {
    return this.hands.ticks(this.#one('checkbox', box), on);
  }

  #one(role: Parameters<Page['getByRole']>[0], what: string | RegExp | Locator): Locator {
    const isName = typeof what === 'string' || what instanceof RegExp;
    return isName ? this.page.getByRole(role, { name: what, exact: true }) : what;
  }

  /** Waits until a text can be seen. */
  sees(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).first().waitFor();
  }

  /** The path and query of the page. */
  get here(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** Lets a message of the console pass that belongs to the story: a refusal that a script of ours was given. */
  expects(message: RegExp): void {
    this.watch.expect(message);
  }

  /** Fails unless the page is sound as it stands; saves a picture of it when GALLERY names a folder. */
  async looksSound(name: string): Promise<void> {
    await picture(this.page, name, this.look);
    requireNone(name, this.page.url(), await problemsOf(this, 'whole'));
  }

  /** As `looksSound`, at the three widths and in both themes, without loading the page again; pictures of all six. */
  async looksSoundEverywhere(name: string): Promise<void> {
    const found: string[] = [];
    for (const theme of themes) {
      await this.page.emulateMedia({ colorScheme: theme });
      for (const width of widths) {
        const depth = depths[this.look.language]?.[theme]?.[width];
        if (depth === undefined && process.env.GALLERY === undefined) continue;
        await this.page.setViewportSize({ width, height: heights[width] });
        await picture(this.page, name, { ...this.look, theme, width });
        if (depth === undefined) continue;
        const problems = await problemsOf(this, depth);
        found.push(...problems.map((one) => (depth === 'whole' ? one : `${width} px, ${theme}: ${one}`)));
      }
    }
    requireNone(name, this.page.url(), found);
  }
}

/** Opens a browser window for somebody. It is closed when the test ends. */
export const visits = async (look: Look = {}): Promise<Visitor> => {
  const how = {
    width: 1280,
    theme: 'light',
    language: 'en',
    javaScript: true,
    as: null,
    motion: false,
    at: inject('url'),
    points: look.javaScript === false,
    ...look,
  } as const;
  browser ??= chromium.connect(inject('browserUrl'));
  const context = await (await browser).newContext({
    viewport: { width: how.width, height: heights[how.width] },
    colorScheme: how.theme,
    reducedMotion: how.motion ? 'no-preference' : 'reduce',
    locale: locales[how.language],
    timezoneId: 'Asia/Dhaka',
    javaScriptEnabled: how.javaScript,
  });
  open.add(context);
  context.setDefaultTimeout(10_000);
  const cookies = Object.entries(how.as?.cookies ?? {}).map(([name, value]) => ({ name, value, url: how.at }));
  await context.addCookies(cookies);
  const visitor = new Visitor(await context.newPage(), how);
  await visitor.watch.ready;
  return visitor;
};

/** The windows that are open, for what happens when a test ends. */
export const openWindows = (): readonly Page[] => [...open].flatMap((context) => context.pages());

/** Closes every window. */
export const closeWindows = async (): Promise<void> => {
  await Promise.all([...open].map((context) => context.close()));
  open.clear();
};
