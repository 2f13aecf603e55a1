CREATE TABLE `attendances` (
	`appointment_id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`accepted_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `attendances_by_account` ON `attendances` (`account_id`,`appointment_id`);--> statement-breakpoint
CREATE TABLE `calendar_feeds` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`account_id` text NOT NULL,
	`kind` text NOT NULL,
	`label` text NOT NULL,
	`privacy` text NOT NULL,
	`shows_free` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`rotated_at_ms` integer,
	`last_fetched_at_ms` integer,
	`recorded_through_ms` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calendar_feeds_token` ON `calendar_feeds` (`token_hash`);--> statement-breakpoint
CREATE INDEX `calendar_feeds_by_account` ON `calendar_feeds` (`account_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `job_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`job` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`outcome` text NOT NULL,
	`counts` text NOT NULL,
	`error` text,
	`asked_by` text
);
--> statement-breakpoint
CREATE INDEX `job_runs_by_job` ON `job_runs` (`job`,`started_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `job_runs_by_age` ON `job_runs` (`started_at_ms`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`name` text PRIMARY KEY NOT NULL,
	`due_at_ms` integer NOT NULL,
	`run_id` text,
	`claimed_until_ms` integer,
	`started_at_ms` integer,
	`outcome` text,
	`duration_ms` integer,
	`counts` text,
	`error` text,
	`ended_at_ms` integer,
	`succeeded_at_ms` integer,
	`failed_at_ms` integer,
	`runs` integer DEFAULT 0 NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`failures_in_row` integer DEFAULT 0 NOT NULL
);
