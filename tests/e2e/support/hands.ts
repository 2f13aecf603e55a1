import type { Locator } from 'playwright-core';

/** A file that somebody has, as `setFiles` of a file chooser takes it. */
type File = Exclude<Parameters<Locator['setInputFiles']>[0], string | readonly unknown[]>;

/** With what somebody does things on a page. Each waits until what it is done to is there. */
export interface Hands {
  /** Presses a button, follows a link, opens what is folded. */
  presses(what: Locator): Promise<void>;
  /** Writes into a field, over what stands there. Dates are `2026-03-29`, times `14:30`. */
  writes(field: Locator, text: string): Promise<void>;
  /** Chooses in a list, by the value or the words of an option. */
  chooses(list: Locator, option: string): Promise<void>;
  /** Ticks a box or takes it back; takes one of several. */
  ticks(box: Locator, on?: boolean): Promise<void>;
  /** Chooses a file. */
  brings(field: Locator, file: File): Promise<void>;
}

/** Whoever points. */
export const pointing: Hands = {
  presses: (what) => what.click(),
  writes: (field, text) => field.fill(text),
  chooses: async (list, option) => {
    await list.selectOption(option);
  },
  ticks: (box, on = true) => box.setChecked(on),
  brings: (field, file) => field.setInputFiles(file),
};

/** So many things to come to has no page. */
const wholeRound = 120;

const isReached = (wanted: Locator): Promise<boolean> => wanted.evaluate((one) => one === document.activeElement);

/** The key that leads on to something, and how often it can be pressed before one looks where it has led. */
const nextKey = (wanted: Locator): Promise<[key: string, times: number]> =>
  wanted.evaluate((one) => {
    const active = document.activeElement;
    const radios = [one, active].filter((each) => each instanceof HTMLInputElement && each.type === 'radio');
    const [choice, other] = (radios as HTMLInputElement[]).map((each) => `${each.name} ${each.form?.action}`);
    if (choice !== undefined && choice === other) return ['ArrowDown', 1];
    const stops = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')];
    const seen = stops.filter(
      (each) =>
        each === one || (each.tabIndex >= 0 && each.checkVisibility() && !each.matches('[type=radio]:not(:checked)')),
    );
    const isBefore = (each: Element) => !active || (active.compareDocumentPosition(each) & 4) === 0;
    const on = seen.indexOf(one as HTMLElement) - seen.filter(isBefore).length;
    const away = on < 0 ? on + seen.length : on;
    return ['Tab', away > 8 ? Math.floor(away / 2) : 1];
  });

/**
 * Moves the focus by the Tab key until it is on something, and among buttons of one choice by the arrows. Fails when that
 * does not lead there, and unless one sees where the focus is (WCAG 2.2, 2.4.7 and 2.4.11).
 */
const reaches = async (wanted: Locator): Promise<void> => {
  const { keyboard } = wanted.page();
  for (let looks = 0; !(await isReached(wanted)); looks += 1) {
    if (looks === wholeRound) throw new Error(`the keyboard does not lead to ${wanted}`);
    const [key, times] = await nextKey(wanted);
    // What leads too far, leads there on the next round, step by step.
    for (let i = 0; i < (looks < 20 ? times : 1); i += 1) await keyboard.press(key);
  }
  const hidden = await wanted.evaluate((one) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    if (outlineStyle === 'none' || outlineWidth === '0px') return 'does not show that it has the focus';
    const above = document.elementFromPoint(left + Math.min(width / 2, innerWidth), top + height / 2);
    const isSeen = above !== null && (one.contains(above) || above.contains(one));
    return isSeen ? null : 'is covered or out of sight while it has the focus';
  });
  if (hidden !== null) throw new Error(`${wanted} ${hidden}`);
};

/** What one types into a field of dates or times, which Chromium divides into parts in the order of English (US). */
const keysOf = (type: string, text: string): string => {
  const [date = '', time = ''] = type === 'time' ? ['', text] : text.split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  const [hour = '', minute = ''] = time.split(':');
  const clock =
    time === '' ? '' : `${`${Number(hour) % 12 || 12}`.padStart(2, '0')}${minute}${Number(hour) < 12 ? 'AM' : 'PM'}`;
  return `${month}${day}${year}${clock}`;
};

/** Whoever has nothing but the keyboard. */
export const typing: Hands = {
  presses: async (what) => {
    await reaches(what);
    // Waits for the page that it leads to.
    await what.press('Enter');
  },
  writes: async (field, text) => {
    await reaches(field);
    const { keyboard } = field.page();
    const type = (await field.getAttribute('type')) ?? 'text';
    if (['date', 'time'].includes(type)) return keyboard.type(keysOf(type, text));
    await keyboard.press('Control+A');
    await (text === '' ? keyboard.press('Delete') : keyboard.type(text));
  },
  chooses: async (list, option) => {
    await reaches(list);
    const { keyboard } = list.page();
    const chosen = () =>
      list.evaluate((one, named) => {
        const { selectedOptions, selectedIndex, options } = one as HTMLSelectElement;
        const isNamed = ({ value, label }: HTMLOptionElement) => value === named || label.trim() === named;
        return {
          isWanted: [...selectedOptions].some(isNamed),
          isLast: selectedIndex === options.length - 1,
          words: [...options].find(isNamed)?.label.trim() ?? '',
        };
      }, option);
    // What is typed leads to the first option that begins so.
    await keyboard.press('Home');
    await keyboard.type((await chosen()).words);
    for (let now = await chosen(); !now.isWanted; now = await chosen()) {
      if (now.isLast) throw new Error(`${list} has no option ${option}`);
      await keyboard.press('ArrowDown');
    }
  },
  ticks: async (box, on = true) => {
    await reaches(box);
    if ((await box.isChecked()) !== on) await box.page().keyboard.press('Space');
  },
  brings: async (field, file) => {
    await reaches(field);
    const chooser = field.page().waitForEvent('filechooser');
    await field.page().keyboard.press('Space');
    await (await chooser).setFiles(file);
  },
};
