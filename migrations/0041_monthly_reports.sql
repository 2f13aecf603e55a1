CREATE TABLE `monthly_reports` (
	`subject_id` text NOT NULL,
	`month` text NOT NULL,
	`revision` integer NOT NULL,
	`kind` text NOT NULL,
	`report` text NOT NULL,
	`made_at_ms` integer NOT NULL,
	`made_by` text,
	`superseded_at_ms` integer,
	PRIMARY KEY(`subject_id`, `month`, `revision`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `monthly_reports_newest` ON `monthly_reports` (`subject_id`,`month`) WHERE "monthly_reports"."superseded_at_ms" is null;--> statement-breakpoint
CREATE INDEX `monthly_reports_by_month` ON `monthly_reports` (`month`,`subject_id`) WHERE "monthly_reports"."superseded_at_ms" is null;--> statement-breakpoint
CREATE INDEX `monthly_reports_by_kind` ON `monthly_reports` (`month`,`kind`,`subject_id`) WHERE "monthly_reports"."superseded_at_ms" is null;--> statement-breakpoint
CREATE TABLE `report_progress` (
	`month` text PRIMARY KEY NOT NULL,
	`after_id` text DEFAULT '' NOT NULL,
	`next_at_ms` integer NOT NULL,
	`done_at_ms` integer
);
