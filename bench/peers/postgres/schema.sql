create table slots (
  id text primary key,
  doctor_id text not null,
  date date not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity int not null check (capacity between 1 and 100)
);
create index slots_by_day on slots (doctor_id, date, starts_at);

create table appointments (
  id uuid primary key,
  slot_id text not null references slots,
  patient_id text not null,
  status text not null check (status in ('pending', 'confirmed', 'cancelled', 'expired')),
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version int not null
);
create index appointments_live on appointments (slot_id) where status in ('pending', 'confirmed');
create index appointments_by_patient on appointments (patient_id, created_at);

create table audit_events (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor_id text not null,
  action text not null,
  subject_id uuid not null,
  data jsonb not null
);

create table idempotency_keys (
  principal text not null,
  key text not null,
  fingerprint text not null,
  status int not null,
  answer jsonb not null,
  created_at timestamptz not null,
  primary key (principal, key)
);
