/** What the pages of the waitlist say, in English. */
export const en = {
  list: {
    title: 'Waitlist',
    lead: 'When a time becomes free that you wait for, it is held for you and we write to you.',
    nothing: 'You are not on a waitlist.',
    howTo: 'On a doctor’s page, or where a time is taken, you can ask to be told when something becomes free.',
    dates: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
    parts: { any: 'Any time', morning: 'Mornings', afternoon: 'Afternoons', evening: 'Evenings' } as Record<
      string,
      string
    >,
    offered: 'Held for you now',
    take: (time: string) => `Look at ${time}`,
    until: (time: string) => `until ${time}`,
    open: 'Your place in line',
  },
  one: {
    title: (doctor: string) => `Waiting for ${doctor}`,
    ahead: (n: number, written: string) =>
      n === 0
        ? 'You are first in line.'
        : n === 1
          ? 'One wish comes before yours.'
          : `${written} wishes come before yours.`,
    free: (time: string) => `Something is free to book at once, from ${time}.`,
    bookNow: 'See the free times',
    states: {
      taken: 'You booked what was offered.',
      left: 'You have left this line.',
      ended: 'The dates are over.',
    } as Record<string, string>,
    dates: 'Dates',
    part: 'Time of day',
    mode: 'How',
    forWhom: 'For',
    since: 'Since',
    leave: 'Wait no more',
  },
  leave: {
    title: 'Leave the waitlist?',
    lead: 'You lose your place in line. What is held for you now stays until it runs out.',
    keep: 'Keep waiting',
  },
  join: {
    title: 'Tell me when something becomes free',
    lead: (doctor: string) => `You join the waitlist of ${doctor}. Who waits longest is asked first.`,
    forWhom: 'For whom',
    me: 'Me',
    from: 'From',
    to: 'Until',
    toHint: 'At most 62 days, both included.',
    part: 'Time of day',
    mode: 'How',
    button: 'Join the waitlist',
    choose: 'Choose a doctor first.',
    find: 'Find a doctor',
  },
};

export type WaitlistWords = typeof en;
