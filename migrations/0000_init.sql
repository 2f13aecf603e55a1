CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`full_name` text NOT NULL,
	`phone` text,
	`role` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_email` ON `accounts` (`email`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_phone` ON `accounts` (`phone`);--> statement-breakpoint
CREATE TABLE `appointments` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`date` text NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`ends_at_ms` integer NOT NULL,
	`time_zone` text NOT NULL,
	`seat` integer,
	`mode` text NOT NULL,
	`clinic_id` text,
	`status` text NOT NULL,
	`expires_at_ms` integer,
	`outside_schedule` integer NOT NULL,
	`reason` text,
	`symptoms` text,
	`status_reason` text,
	`fee_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `appointments_seat` ON `appointments` (`doctor_id`,`starts_at_ms`,`seat`) WHERE "appointments"."seat" is not null;--> statement-breakpoint
CREATE INDEX `appointments_by_patient` ON `appointments` (`patient_id`,`starts_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `appointments_by_doctor` ON `appointments` (`doctor_id`,`starts_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `appointments_by_start` ON `appointments` (`starts_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `appointments_live_by_patient` ON `appointments` (`patient_id`,`starts_at_ms`,`ends_at_ms`) WHERE "appointments"."seat" is not null;--> statement-breakpoint
CREATE TABLE `audit_events` (
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`actor_id` text,
	`actor_role` text NOT NULL,
	`action` text NOT NULL,
	`subject_id` text,
	`data` text NOT NULL,
	PRIMARY KEY(`stream`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `audit_events_by_subject` ON `audit_events` (`subject_id`,`at_ms`,`stream`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_events_by_time` ON `audit_events` (`at_ms`,`stream`,`seq`);--> statement-breakpoint
CREATE TABLE `clinics` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`address` text NOT NULL,
	`city` text NOT NULL,
	`country` text NOT NULL,
	`time_zone` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clinics_by_name` ON `clinics` (`name`,`id`);--> statement-breakpoint
CREATE INDEX `clinics_by_city` ON `clinics` (lower("city"));--> statement-breakpoint
CREATE TABLE `doctor_clinics` (
	`doctor_id` text NOT NULL,
	`clinic_id` text NOT NULL,
	PRIMARY KEY(`doctor_id`, `clinic_id`),
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`clinic_id`) REFERENCES `clinics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `doctor_clinics_by_clinic` ON `doctor_clinics` (`clinic_id`,`doctor_id`);--> statement-breakpoint
CREATE TABLE `doctor_days` (
	`doctor_id` text NOT NULL,
	`date` text NOT NULL,
	`opened_at_ms` integer,
	`cleaned_at_ms` integer,
	`schedule_version` integer NOT NULL,
	`version` integer DEFAULT 0 NOT NULL,
	`remaining` integer DEFAULT 0 NOT NULL,
	`first_available_at_ms` integer,
	`last_available_at_ms` integer,
	PRIMARY KEY(`doctor_id`, `date`),
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `doctor_days_open` ON `doctor_days` (`date`,`doctor_id`) WHERE "doctor_days"."opened_at_ms" is not null and "doctor_days"."cleaned_at_ms" is null;--> statement-breakpoint
CREATE INDEX `doctor_days_available` ON `doctor_days` (`date`,`doctor_id`) WHERE "doctor_days"."remaining" > 0;--> statement-breakpoint
CREATE INDEX `doctor_days_soonest` ON `doctor_days` (`first_available_at_ms`,`doctor_id`) WHERE "doctor_days"."remaining" > 0;--> statement-breakpoint
CREATE INDEX `doctor_days_ending` ON `doctor_days` (`last_available_at_ms`) WHERE "doctor_days"."remaining" > 0;--> statement-breakpoint
CREATE TABLE `doctor_terms` (
	`doctor_id` text NOT NULL,
	`term` text NOT NULL,
	PRIMARY KEY(`doctor_id`, `term`),
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `doctor_terms_by_term` ON `doctor_terms` (`term`,`doctor_id`);--> statement-breakpoint
CREATE TABLE `doctors` (
	`id` text PRIMARY KEY NOT NULL,
	`full_name` text NOT NULL,
	`license_number` text NOT NULL,
	`specialization` text NOT NULL,
	`bio` text DEFAULT '' NOT NULL,
	`experience_years` integer DEFAULT 0 NOT NULL,
	`fee_minor` integer DEFAULT 0 NOT NULL,
	`currency` text NOT NULL,
	`time_zone` text NOT NULL,
	`approval_required` integer DEFAULT false NOT NULL,
	`minimum_notice_minutes` integer DEFAULT 0 NOT NULL,
	`booking_window_days` integer DEFAULT 60 NOT NULL,
	`verified_at_ms` integer,
	`schedule_version` integer DEFAULT 1 NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "doctors_experience" CHECK("doctors"."experience_years" between 0 and 60),
	CONSTRAINT "doctors_fee" CHECK("doctors"."fee_minor" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `doctors_license_number` ON `doctors` (`license_number`);--> statement-breakpoint
CREATE INDEX `doctors_by_name` ON `doctors` ("full_name" collate nocase,`id`) WHERE "doctors"."verified_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `doctors_by_specialization` ON `doctors` (lower("specialization"),"full_name" collate nocase,`id`) WHERE "doctors"."verified_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `doctors_by_fee` ON `doctors` (`fee_minor`,`id`) WHERE "doctors"."verified_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `doctors_by_experience` ON `doctors` (`experience_years`,`id`) WHERE "doctors"."verified_at_ms" is not null;--> statement-breakpoint
CREATE TABLE `extra_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`date` text NOT NULL,
	`start` text NOT NULL,
	`end` text NOT NULL,
	`slot_minutes` integer NOT NULL,
	`buffer_minutes` integer NOT NULL,
	`capacity` integer NOT NULL,
	`mode` text NOT NULL,
	`clinic_id` text,
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`clinic_id`) REFERENCES `clinics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `extra_sessions_by_doctor` ON `extra_sessions` (`doctor_id`,`date`);--> statement-breakpoint
CREATE INDEX `extra_sessions_by_mode` ON `extra_sessions` (`mode`,`doctor_id`,`date`);--> statement-breakpoint
CREATE TABLE `idempotency_records` (
	`principal` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`answer` text,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`principal`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_records_by_age` ON `idempotency_records` (`created_at_ms`);--> statement-breakpoint
CREATE TABLE `projection_quarantine` (
	`appointment_id` text NOT NULL,
	`version` integer NOT NULL,
	`doctor_id` text NOT NULL,
	`date` text NOT NULL,
	`why` text NOT NULL,
	`row` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`appointment_id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `quarantine_by_day` ON `projection_quarantine` (`doctor_id`,`date`);--> statement-breakpoint
CREATE TABLE `refresh_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`session_id` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`used_at_ms` integer,
	`revoked_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `refresh_tokens_session` ON `refresh_tokens` (`session_id`);--> statement-breakpoint
CREATE INDEX `refresh_tokens_by_expiry` ON `refresh_tokens` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `time_off` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`from_date` text NOT NULL,
	`to_date` text NOT NULL,
	`start` text,
	`end` text,
	`reason` text DEFAULT '' NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `time_off_by_doctor` ON `time_off` (`doctor_id`,`from_date`);--> statement-breakpoint
CREATE TABLE `weekly_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`weekday` integer NOT NULL,
	`effective_from` text,
	`effective_until` text,
	`start` text NOT NULL,
	`end` text NOT NULL,
	`slot_minutes` integer NOT NULL,
	`buffer_minutes` integer NOT NULL,
	`capacity` integer NOT NULL,
	`mode` text NOT NULL,
	`clinic_id` text,
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`clinic_id`) REFERENCES `clinics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `weekly_rules_by_doctor` ON `weekly_rules` (`doctor_id`);--> statement-breakpoint
CREATE INDEX `weekly_rules_by_mode` ON `weekly_rules` (`mode`,`doctor_id`);