CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`body` text NOT NULL,
	`died_at_ms` integer NOT NULL,
	`retried_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `dead_letters_waiting` ON `dead_letters` (`died_at_ms`,`id`) WHERE "dead_letters"."retried_at_ms" is null;--> statement-breakpoint
CREATE INDEX `dead_letters_by_time` ON `dead_letters` (`died_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `licence_documents` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`object_key` text NOT NULL,
	`media_type` text NOT NULL,
	`bytes` integer NOT NULL,
	`sha256` text,
	`created_at_ms` integer NOT NULL,
	`stored_at_ms` integer,
	`deleted_at_ms` integer,
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `licence_documents_by_doctor` ON `licence_documents` (`doctor_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `licence_documents_once` ON `licence_documents` (`doctor_id`,`sha256`) WHERE "licence_documents"."deleted_at_ms" is null;--> statement-breakpoint
CREATE INDEX `licence_documents_deleted` ON `licence_documents` (`deleted_at_ms`) WHERE "licence_documents"."deleted_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `licence_documents_unfinished` ON `licence_documents` (`created_at_ms`) WHERE "licence_documents"."stored_at_ms" is null;--> statement-breakpoint
CREATE TABLE `endings` (
	`subject` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `endings_by_time` ON `endings` (`at_ms`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`device` text,
	`place` text,
	`created_at_ms` integer NOT NULL,
	`last_seen_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`ended_by` text,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_live` ON `sessions` (`account_id`,`created_at_ms`,`id`) WHERE "sessions"."ended_at_ms" is null;--> statement-breakpoint
CREATE INDEX `sessions_by_expiry` ON `sessions` (`expires_at_ms`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `deactivated_at_ms` integer;--> statement-breakpoint
CREATE INDEX `accounts_by_time` ON `accounts` (`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `accounts_by_role` ON `accounts` (`role`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `accounts_by_name` ON `accounts` ("full_name" collate nocase,`id`);--> statement-breakpoint
CREATE INDEX `accounts_deactivated` ON `accounts` (`created_at_ms`,`id`) WHERE "accounts"."deactivated_at_ms" is not null;--> statement-breakpoint
ALTER TABLE `doctors` ADD `submitted_at_ms` integer;--> statement-breakpoint
ALTER TABLE `doctors` ADD `rejected_at_ms` integer;--> statement-breakpoint
ALTER TABLE `doctors` ADD `rejection_reason` text;--> statement-breakpoint
ALTER TABLE `doctors` ADD `verification` text GENERATED ALWAYS AS (case when verified_at_ms is not null then 'verified' when submitted_at_ms is not null then 'submitted'
          when rejected_at_ms is not null then 'rejected' else 'unverified' end) VIRTUAL NOT NULL;--> statement-breakpoint
ALTER TABLE `doctors` ADD `verification_since_ms` integer GENERATED ALWAYS AS (coalesce(verified_at_ms, submitted_at_ms, rejected_at_ms, created_at_ms)) VIRTUAL NOT NULL;--> statement-breakpoint
CREATE INDEX `doctors_by_verification` ON `doctors` (`verification`,`verification_since_ms`,`id`);--> statement-breakpoint
ALTER TABLE `refresh_tokens` DROP COLUMN `revoked_at_ms`;