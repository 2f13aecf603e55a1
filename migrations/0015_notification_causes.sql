CREATE TABLE `busy_days` (
	`doctor_id` text NOT NULL,
	`date` text NOT NULL,
	`source_id` text NOT NULL,
	`minutes` text NOT NULL,
	PRIMARY KEY(`doctor_id`, `date`, `source_id`),
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `calendar_sources` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`name` text NOT NULL,
	`host` text NOT NULL,
	`address` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`every_ms` integer NOT NULL,
	`read_at_ms` integer NOT NULL,
	`etag` text,
	`last_modified` text,
	`spread_until` text NOT NULL,
	`spread_zone` text NOT NULL,
	`failing_since_ms` integer,
	`failure` text,
	`told_at_ms` integer,
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `calendar_sources_by_doctor` ON `calendar_sources` (`doctor_id`);--> statement-breakpoint
CREATE INDEX `calendar_sources_due` ON `calendar_sources` (`due_at_ms`);--> statement-breakpoint
ALTER TABLE `notifications` ADD `previous_starts_at_ms` integer;--> statement-breakpoint
ALTER TABLE `notifications` ADD `caused_by` text;