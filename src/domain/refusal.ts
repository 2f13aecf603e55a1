/**
 * Every refusal Daybook can give, named as a fact, with the HTTP status it maps to and the sentence a person reads.
 * One table, so that the API, the docs and the tests can never disagree. Status meanings: RFC 9110.
 */
export const refusals = {
  // The request itself
  invalid_request: { status: 400, title: 'The request is not valid.' },
  unauthenticated: { status: 401, title: 'Sign in first: a valid access token is required.' },
  invalid_credentials: {
    status: 401,
    title: 'The e-mail address or the password is wrong, or there were too many tries.',
  },
  cross_site: { status: 403, title: 'This did not come from a page of ours: its origin or its X-CSRF-Token is wrong.' },
  second_factor_required: { status: 401, title: 'The password is right; a second factor is needed as well.' },
  passkey_refused: { status: 401, title: 'This passkey does not sign in here.' },
  wrong_code: { status: 403, title: 'The code or link is wrong, was used before, or has run out.' },
  verification_required: { status: 403, title: 'Verify your e-mail address first.' },
  enrolment_required: { status: 403, title: 'Your role needs a second factor: set one up first.' },
  already_enrolled: { status: 409, title: 'There is an authenticator app already.' },
  not_enrolled: { status: 409, title: 'There is no authenticator app.' },
  sms_not_sent: { status: 422, title: 'No SMS is sent from here, so a phone number cannot be verified.' },
  wrong_password: { status: 403, title: 'The current password is wrong.' },
  forbidden: { status: 403, title: 'Your role may not do this.' },
  not_found: { status: 404, title: 'There is nothing here.' },
  method_not_allowed: { status: 405, title: 'This address does not take that method.' },
  precondition_failed: { status: 412, title: 'What is here is not what `If-Match` or `If-None-Match` asks for.' },
  body_too_large: { status: 413, title: 'The body is too large.' },
  uri_too_long: { status: 414, title: 'The address is too long.' },
  unsupported_media_type: { status: 415, title: 'Send the body as application/json.' },
  upgrade_required: { status: 426, title: 'This address speaks WebSocket only.' },
  rate_limited: { status: 429, title: 'There were too many requests. Wait as long as Retry-After says.' },
  headers_too_large: { status: 431, title: 'The headers are too large.' },

  // Idempotency-Key (draft-ietf-httpapi-idempotency-key-header)
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used for a different request.' },
  request_in_flight: { status: 409, title: 'A request with this Idempotency-Key is still being processed.' },

  // Accounts and doctors
  email_taken: { status: 409, title: 'An account with this e-mail address exists already.' },
  phone_taken: { status: 409, title: 'An account with this phone number exists already.' },
  license_number_taken: { status: 409, title: 'A doctor with this licence number exists already.' },
  zone_change_blocked: { status: 409, title: 'The time zone cannot change while days hold live appointments.' },
  version_conflict: { status: 409, title: 'Someone changed this meanwhile. Read it again and repeat.' },
  unknown_account: { status: 422, title: 'There is no active account with this e-mail address.' },
  unsuitable_account: {
    status: 409,
    title:
      'This account is a doctor’s, an admin’s, or a patient’s with appointments: work needs an account of its own.',
  },
  has_appointments: { status: 409, title: 'There are appointments to come. Cancel them first.' },
  break_glass_limit: { status: 429, title: 'You have opened as many records today as you may.' },
  unknown_doctor: { status: 422, title: 'There is no such doctor who can be booked.' },
  unknown_patient: { status: 422, title: 'There is no such patient.' },
  unknown_resource_kind: { status: 422, title: 'The clinic has no such room or device.' },
  unknown_specialization: {
    status: 422,
    title: 'There is no such specialization: `specialization` takes a name of GET /specializations.',
  },
  unknown_location: { status: 422, title: 'There is no such location.' },
  unknown_organization: { status: 422, title: 'There is no such organization.' },
  specialization_taken: { status: 409, title: 'There is a specialization of this name already.' },
  specialization_in_use: { status: 409, title: 'Doctors have this specialization: give them another first.' },
  unknown_clinic: { status: 422, title: 'There is no such clinic for this doctor.' },
  calendar_unreadable: { status: 422, title: 'This calendar cannot be read: `reason` says why.' },
  rules_overlap: { status: 422, title: 'Two weekly rules cover the same time.' },
  interaction_override_required: {
    status: 409,
    title: 'There are severe warnings, in `hits`: say why it is prescribed all the same, or do not.',
  },
  prescription_not_active: { status: 409, title: 'This prescription was dispensed or cancelled, or has run out.' },
  prescription_not_renewable: { status: 409, title: 'Only what was dispensed or has run out is renewed.' },
  not_erasable: { status: 409, title: 'Only patients are erased. Deactivate this account instead.' },
  confirmation_needed: { status: 422, title: 'This must be confirmed first, within the last ten minutes.' },
  person_erased: { status: 409, title: 'This person has been erased; nothing more can be written about them.' },
  own_account: { status: 409, title: 'Nobody changes their own account here: ask another admin.' },
  last_admin: { status: 409, title: 'This is the last admin who can manage users.' },
  beyond_own_permissions: {
    status: 403,
    title: 'You may not give, take, or overrule permissions that you do not hold.',
  },
  role_fixed: { status: 422, title: 'Nobody becomes a doctor, or stops being one, by a change of role.' },
  permissions_not_for_role: { status: 422, title: 'Only admins have permissions.' },
  address_not_allowed: {
    status: 422,
    title: 'This address cannot be asked: it must be https, by a public name, on its own port.',
  },
  webhook_off: { status: 409, title: 'This webhook is switched off. Switch it on first.' },
  job_running: { status: 409, title: 'This job is running already.' },
  cannot_be_switched_off: { status: 422, title: 'Notices about the safety of your account are always sent.' },
  not_told_of_this: { status: 422, title: 'Nobody in your role is told of this, so there is nothing to choose.' },
  only_for_doctors: { status: 422, title: 'Only doctors choose when their patients are reminded.' },
  not_failed: { status: 409, title: 'Only a notification that has failed is sent again.' },
  already_retried: { status: 409, title: 'This message has been sent again already.' },
  sessions_overlap: { status: 422, title: 'Two extra sessions cover the same time.' },
  works_elsewhere: {
    status: 403,
    title: 'The doctor works elsewhere at that time as well: the doctor or an admin must record this absence.',
  },
  time_off_overlap: { status: 422, title: 'This time is taken off already.' },
  in_the_past: { status: 422, title: 'This lies in the past.' },
  too_many_items: { status: 422, title: 'There are too many items.' },
  length_required: { status: 411, title: 'Say how long the file is: a Content-Length is required.' },
  document_too_large: { status: 413, title: 'The file is larger than 10 MB.' },
  picture_too_large: { status: 413, title: 'The picture is larger than 5 MB.' },
  picture_too_many_points: { status: 422, title: 'The picture has more than 4096 points on a side.' },
  name_on_licence: {
    status: 409,
    title: 'A doctor’s name is that of the licence: change it with PUT /doctors/{id}.',
  },
  unsupported_document: { status: 415, title: 'Send a PDF, JPEG or PNG file, with its own Content-Type.' },
  document_incomplete: { status: 422, title: 'The file did not arrive whole. Send it again.' },
  no_documents: { status: 422, title: 'Upload at least one licence document first.' },
  documents_under_review: {
    status: 409,
    title: 'The documents are being reviewed, or were what the doctor was verified by.',
  },
  already_submitted: { status: 409, title: 'The doctor waits for a review already.' },
  not_submitted: { status: 409, title: 'The doctor has submitted nothing that could be rejected.' },
  note_exists: { status: 409, title: 'This visit has a note already. Amend it.' },
  file_too_large: { status: 413, title: 'The file is larger than 20 MB.' },
  unsafe_document: { status: 422, title: 'This file is not taken: `errors` says why.' },
  document_limit: { status: 422, title: 'There is no room for more documents. Delete some first.' },
  already_verified: { status: 409, title: 'The doctor is verified already.' },

  // Messages
  too_many_devices: { status: 409, title: 'You are told on as many devices as you may be. Remove one first.' },
  unknown_push_service: { status: 422, title: 'This push service is not one that is spoken to here.' },
  wrong_signature: { status: 403, title: 'The signature is not good.' },

  // Booking
  slot_not_found: { status: 422, title: 'There is no such slot.' },
  outside_booking_window: { status: 422, title: 'This time is not open for booking.' },
  mode_unavailable: { status: 422, title: 'This slot is not offered in that mode.' },
  same_slot: { status: 422, title: 'The appointment is in this slot already.' },
  resource_unavailable: { status: 409, title: 'A room or device that this slot needs is taken at that time.' },
  slot_full: { status: 409, title: 'Somebody else has taken this slot.' },
  already_booked: { status: 409, title: 'You hold or have booked a time that overlaps this one with this doctor.' },
  already_waiting: { status: 409, title: 'The patient waits for this doctor on some of these dates already.' },
  waitlist_full: { status: 409, title: 'As many wait for this doctor as can.' },
  too_many_holds: { status: 409, title: 'You hold as many slots of this day as you may.' },
  reason_required: { status: 422, title: 'Say why it is an emergency: a reason is needed.' },
  too_many_emergencies: { status: 409, title: 'There is an emergency appointment on this day already.' },
  emergency_limit: {
    status: 429,
    title: 'There were as many emergency appointments in the last 30 days as there may be. Call the clinic.',
  },
  hold_expired: { status: 409, title: 'The hold has run out. Choose a slot again.' },
  payment_required: { status: 402, title: 'This doctor asks to be paid first. Pay, and the appointment is confirmed.' },
  already_extended: { status: 409, title: 'This hold has been given more time already.' },
  already_paid: { status: 409, title: 'This appointment has been paid already.' },
  wrong_amount: { status: 409, title: 'The payment is not of the amount and the currency of the fee.' },
  payments_off: { status: 409, title: 'Nothing is paid here: this deployment takes no payments.' },
  nothing_to_pay: { status: 409, title: 'There is nothing to pay: the visit costs nothing.' },
  gateway_unavailable: { status: 503, title: 'The payment provider does not answer. Try again in a moment.' },
  refund_too_large: { status: 409, title: 'This is more than is left of what was paid.' },
  not_refundable: { status: 409, title: 'This payment is being given back already.' },
  invalid_transition: { status: 409, title: 'The appointment is not in a state that allows this.' },
  too_early: { status: 409, title: 'The appointment has not begun.' },
  too_early_to_check_in: { status: 409, title: 'It is too early to check in.' },
  not_checked_in: { status: 409, title: 'The patient has not checked in.' },
  not_by_video: { status: 409, title: 'This visit is not by video.' },
  room_closed: { status: 409, title: 'The room is open from `opensAt` to `closesAt` only.' },
  move_in_progress: { status: 409, title: 'The appointment is being moved. Try again in a moment.' },
  move_failed: { status: 409, title: 'The move did not happen; the appointment is where it was.' },
  month_not_over: { status: 409, title: 'This month is not over yet.' },
  not_visited: { status: 409, title: 'Only a visit that took place can be reviewed.' },
  review_window_over: { status: 409, title: 'This visit can no longer be reviewed: it was too long ago.' },
  already_reviewed: { status: 409, title: 'This visit has a review already, or had one that was withdrawn.' },
  review_final: { status: 409, title: 'This review can no longer be changed; it can be withdrawn.' },
  too_many_watchers: { status: 503, title: 'As many watch this day as can. Ask for its slots from time to time.' },
  day_frozen: { status: 409, title: 'This day is being changed. Try again in a moment.' },

  // The platform
  temporarily_unavailable: { status: 503, title: 'This cannot be done right now. Try again in a moment.' },
  internal_error: { status: 500, title: 'Something went wrong on our side.' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable `code` of a refusal, as it appears in problem+json. */
export type RefusalCode = keyof typeof refusals;

/** A refusal: its code, and what a caller needs to act on it. `detail` and `extra` never hold patient data. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly detail?: string;
  /** Further members of the problem+json body, for example the days that block a zone change. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Builds a refusal. */
export const refusal = (code: RefusalCode, detail?: string, extra?: Record<string, unknown>): Refusal => ({
  code,
  ...(detail === undefined ? {} : { detail }),
  ...(extra === undefined ? {} : { extra }),
});
