import { documentShared } from './document-words.ts';
import type { Language, Wording } from './language.ts';
import { visitWords } from './visit-words.ts';
import { waitlistWords } from './waitlist-words.ts';

const change = 'If you cannot come, please cancel or move it, so that somebody else can have the time.';

const security: Wording = {
  title: 'Something about your account has changed',
  brief: 'Your account has changed',
  lead: () => 'Please see in Daybook whether it was you.',
};

/** English. SMS keep to the GSM alphabet: no curly quotes, no dashes. */
export const english: Language = {
  tag: 'en',
  dir: 'ltr',
  wordings: {
    held: {
      patient: {
        title: 'A time is held for you',
        brief: 'Time held, please confirm it',
        lead: () => 'Confirm it before the hold runs out. After that, somebody else can take it.',
      },
      doctor: {
        title: 'A time of yours is held',
        brief: 'Time held',
        lead: () => 'It is booked once it has been confirmed; otherwise it is free again in a few minutes.',
      },
    },
    ...waitlistWords.en,
    requested: {
      patient: {
        title: 'Your request is on its way',
        brief: 'Appointment requested',
        lead: ({ doctor }) => `${doctor} has to accept it. You will hear from us as soon as that is decided.`,
      },
      doctor: {
        title: 'Somebody asks for an appointment',
        brief: 'Appointment requested, please answer',
        lead: () => 'Please accept it or turn it down. The time is kept until then, but not for ever.',
      },
    },
    confirmed: {
      patient: {
        title: 'Your appointment is booked',
        brief: 'Appointment booked',
        lead: () => `There is nothing else to do. ${change}`,
      },
      doctor: {
        title: 'A new appointment',
        brief: 'New appointment',
        lead: () => 'It has been booked with you.',
      },
    },
    accepted: {
      patient: {
        title: 'Your request was accepted',
        brief: 'Appointment accepted',
        lead: ({ doctor }) => `${doctor} expects you. ${change}`,
      },
      doctor: {
        title: 'You have accepted an appointment',
        brief: 'Appointment accepted',
        lead: () => 'It is booked with you now.',
      },
    },
    rejected: {
      patient: {
        title: 'Your request could not be accepted',
        brief: 'Request turned down',
        lead: ({ doctor }) => `${doctor} cannot see you at this time. You can look for another one.`,
      },
      doctor: {
        title: 'You have turned a request down',
        brief: 'Request turned down',
        lead: () => 'The time is free again.',
      },
    },
    rescheduled: {
      patient: {
        title: 'Your appointment has moved',
        brief: 'Appointment moved to',
        lead: ({ previous }) =>
          `${previous === null ? '' : `It was on ${previous}. `}This is when it is now. ${change}`,
      },
      doctor: {
        title: 'An appointment has moved',
        brief: 'Appointment moved to',
        lead: ({ previous }) => `${previous === null ? '' : `It was on ${previous}. `}This is when it is now.`,
      },
    },
    moved_away: {
      patient: {
        title: 'Your appointment is with another doctor',
        brief: 'Appointment with another doctor',
        lead: () => 'It was moved to another doctor. You can see where and when it is in Daybook.',
      },
      doctor: {
        title: 'An appointment has moved to another doctor',
        brief: 'Appointment moved to another doctor',
        lead: () => 'It is not with you any more, and its time is free again.',
      },
    },
    cancelled: {
      patient: {
        title: 'Your appointment is cancelled',
        brief: 'Appointment cancelled',
        lead: ({ by }) =>
          by === 'patient'
            ? 'The time is free again. You can book another one whenever you like.'
            : 'It does not take place. We are sorry; you can book another time.',
      },
      doctor: {
        title: 'An appointment is cancelled',
        brief: 'Appointment cancelled',
        lead: () => 'It does not take place, and the time is free again.',
      },
    },
    expired: {
      patient: {
        title: 'A time was not booked',
        brief: 'Not booked: time ran out',
        lead: () => 'It was not confirmed or accepted in time, so it is free again. You can look for another one.',
      },
      doctor: {
        title: 'A request has run out',
        brief: 'Request ran out',
        lead: () => 'It was not answered in time, and the time is free again.',
      },
    },
    emergency: {
      patient: {
        title: 'Your doctor knows of your emergency',
        brief: 'Doctor told of your emergency',
        lead: ({ doctor }) => `${doctor} has been told. If it gets worse, call an ambulance and do not wait.`,
      },
      doctor: {
        title: 'An emergency comes to you',
        brief: 'EMERGENCY appointment',
        lead: () => 'Somebody has taken a time of yours as an emergency. What it is about, you see in Daybook.',
      },
    },
    outside_schedule: {
      patient: {
        title: 'The hours of your doctor have changed',
        brief: 'Hours changed, appointment stands',
        lead: ({ doctor }) => `Your appointment still stands. ${doctor} may have to move it; you would hear from us.`,
      },
      doctor: {
        title: 'An appointment is outside your hours',
        brief: 'Appointment outside your hours',
        lead: () => 'It still stands after your change. Please see whether you can keep it, or move or cancel it.',
      },
    },
    completed: {
      patient: {
        title: 'Thank you for coming',
        brief: 'Appointment completed',
        lead: () => 'Your appointment has taken place. You can find it among your past ones.',
      },
      doctor: {
        title: 'An appointment is completed',
        brief: 'Appointment completed',
        lead: () => 'It is marked as having taken place.',
      },
    },
    no_show: {
      patient: {
        title: 'You were missed',
        brief: 'Appointment missed',
        lead: () => 'You were not seen at your appointment. If that is a mistake, please tell the clinic.',
      },
      doctor: {
        title: 'A patient did not come',
        brief: 'Patient did not come',
        lead: () => 'The appointment is marked as missed.',
      },
    },
    ...visitWords.en,
    payment_received: {
      patient: {
        title: 'Your payment has arrived',
        brief: 'Payment received',
        lead: () => 'Thank you. You can download the receipt in Daybook.',
      },
      doctor: {
        title: 'An appointment was paid',
        brief: 'Appointment paid',
        lead: () => 'The fee has been paid.',
      },
    },
    refunded: {
      patient: {
        title: 'You get money back',
        brief: 'Refund on its way',
        lead: () =>
          'It goes back the way that you paid, within some working days. Daybook shows how much it is, and why.',
      },
      doctor: {
        title: 'Money was given back',
        brief: 'Refund made',
        lead: () => 'The patient gets money back for this appointment.',
      },
    },
    prescribed: {
      patient: {
        title: 'You have a prescription',
        brief: 'A prescription from the visit of',
        lead: ({ doctor }) => `${doctor} has written a prescription after the visit below. You find it in Daybook.`,
      },
      doctor: {
        title: 'You have written a prescription',
        brief: 'Prescription written',
        lead: () => 'The patient has been told.',
      },
    },
    prescription_dispensed: {
      patient: {
        title: 'Your prescription was dispensed',
        brief: 'Prescription dispensed, from the visit of',
        lead: () =>
          'A pharmacy has marked the prescription from the visit below as dispensed. If that was not for you, tell your doctor.',
      },
      doctor: {
        title: 'A prescription was dispensed',
        brief: 'Prescription dispensed',
        lead: () => 'A pharmacy has marked it as dispensed.',
      },
    },
    reminder: {
      patient: {
        title: 'Your appointment is coming up',
        brief: 'Reminder of your appointment',
        lead: ({ doctor }) => `${doctor} expects you. ${change}`,
      },
      doctor: {
        title: 'An appointment is coming up',
        brief: 'Reminder of an appointment',
        lead: () => 'It is with you.',
      },
    },
    document_shared: documentShared.en,
    digest: {
      patient: {
        title: 'Your appointments tomorrow',
        brief: 'Tomorrow, from',
        lead: ({ count, single }) => (single ? 'You have one appointment.' : `You have ${count} appointments.`),
      },
      doctor: {
        title: 'Your day tomorrow',
        brief: 'Your day tomorrow begins',
        lead: ({ count, single }) => (single ? 'There is one appointment.' : `There are ${count} appointments.`),
      },
    },
    security: { patient: security, doctor: security },
  },
  secondPayment: {
    title: 'Your second payment is given back',
    brief: 'Second payment given back, for the appointment of',
    lead: () =>
      'You paid twice. The second payment goes back the way that you paid, within some working days. The first one and ' +
      'your appointment stay as they are.',
  },
  labels: {
    date: 'Date',
    time: 'Time',
    doctor: 'Doctor',
    patient: 'Patient',
    place: 'Place',
    video: 'By video',
    open: 'Open the appointment',
    openDay: 'Open your day',
    keptUntil: (until) => `Kept for you until ${until}`,
    why: {
      patient: 'You get this because an appointment was made with your Daybook account.',
      doctor: 'You get this because patients book with you on Daybook.',
    },
    preferences: 'Choose what you are told',
    unsubscribe: 'No more mail of this kind',
  },
};
