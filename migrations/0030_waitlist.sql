CREATE TABLE `waitlist_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`from_date` text NOT NULL,
	`to_date` text NOT NULL,
	`part` text NOT NULL,
	`mode` text,
	`joined_at_ms` integer NOT NULL,
	`state` text NOT NULL,
	`closed_at_ms` integer,
	`version` integer NOT NULL,
	`owed` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `waitlist_line` ON `waitlist_entries` (`doctor_id`,`joined_at_ms`,`id`) WHERE "waitlist_entries"."state" = 'active';--> statement-breakpoint
CREATE INDEX `waitlist_by_doctor` ON `waitlist_entries` (`doctor_id`,`joined_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `waitlist_by_patient` ON `waitlist_entries` (`patient_id`,`joined_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `waitlist_by_time` ON `waitlist_entries` (`joined_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `waitlist_over` ON `waitlist_entries` (`to_date`) WHERE "waitlist_entries"."state" = 'active';--> statement-breakpoint
CREATE INDEX `waitlist_owed` ON `waitlist_entries` (`id`) WHERE "waitlist_entries"."owed" = 1;--> statement-breakpoint
CREATE TABLE `waitlists` (
	`doctor_id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `appointments` ADD `waitlist_entry_id` text;--> statement-breakpoint
ALTER TABLE `doctor_days` ADD `waitlist_version` integer DEFAULT 0 NOT NULL;