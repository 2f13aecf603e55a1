CREATE TABLE `health_records` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`kind` text NOT NULL,
	`at_ms` integer NOT NULL,
	`recorded_at_ms` integer NOT NULL,
	`author_id` text NOT NULL,
	`author_role` text NOT NULL,
	`appointment_id` text,
	`content` text,
	`withdrawn_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `health_records_by_patient` ON `health_records` (`patient_id`,`at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `health_records_by_kind` ON `health_records` (`patient_id`,`kind`,`at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `health_records_recorded` ON `health_records` (`patient_id`,`recorded_at_ms`);--> statement-breakpoint
CREATE UNIQUE INDEX `health_records_note` ON `health_records` (`appointment_id`) WHERE "health_records"."kind" = 'note';--> statement-breakpoint
CREATE TABLE `note_versions` (
	`record_id` text NOT NULL,
	`version` integer NOT NULL,
	`patient_id` text NOT NULL,
	`content` text NOT NULL,
	`reason` text,
	`written_at_ms` integer NOT NULL,
	PRIMARY KEY(`record_id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `note_versions_by_patient` ON `note_versions` (`patient_id`,`record_id`,`version`);--> statement-breakpoint
CREATE TABLE `patient_profiles` (
	`patient_id` text PRIMARY KEY NOT NULL,
	`content` text NOT NULL,
	`revision` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `document_shares` (
	`document_id` text NOT NULL,
	`doctor_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`shared_at_ms` integer NOT NULL,
	`ends_at_ms` integer NOT NULL,
	PRIMARY KEY(`document_id`, `doctor_id`)
);
--> statement-breakpoint
CREATE INDEX `document_shares_by_doctor` ON `document_shares` (`doctor_id`,`patient_id`,`ends_at_ms`);--> statement-breakpoint
CREATE INDEX `document_shares_by_patient` ON `document_shares` (`patient_id`);--> statement-breakpoint
CREATE INDEX `document_shares_ended` ON `document_shares` (`ends_at_ms`);--> statement-breakpoint
CREATE TABLE `patient_documents` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`appointment_id` text,
	`object_key` text NOT NULL,
	`name` text NOT NULL,
	`file_key` text NOT NULL,
	`media_type` text NOT NULL,
	`bytes` integer NOT NULL,
	`fingerprint` text,
	`created_at_ms` integer NOT NULL,
	`stored_at_ms` integer,
	`deleted_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `patient_documents_by_patient` ON `patient_documents` (`patient_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `patient_documents_once` ON `patient_documents` (`patient_id`,`fingerprint`) WHERE "patient_documents"."deleted_at_ms" is null;--> statement-breakpoint
CREATE INDEX `patient_documents_deleted` ON `patient_documents` (`deleted_at_ms`) WHERE "patient_documents"."deleted_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `patient_documents_unfinished` ON `patient_documents` (`created_at_ms`) WHERE "patient_documents"."stored_at_ms" is null;