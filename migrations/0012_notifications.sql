CREATE TABLE `notification_intents` (
	`id` integer PRIMARY KEY NOT NULL,
	`stream` text NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `notifications` (
	`id` text PRIMARY KEY NOT NULL,
	`subject_id` text NOT NULL,
	`version` integer NOT NULL,
	`kind` text NOT NULL,
	`offset_minutes` integer NOT NULL,
	`channel` text NOT NULL,
	`recipient_id` text NOT NULL,
	`audience` text NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`caused_at_ms` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`next_at_ms` integer,
	`claims` integer DEFAULT 0 NOT NULL,
	`instead_of` text,
	`created_at_ms` integer NOT NULL,
	`sent_at_ms` integer,
	`settled_at_ms` integer,
	`read_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_key` ON `notifications` (`subject_id`,`version`,`kind`,`offset_minutes`,`channel`,`recipient_id`);--> statement-breakpoint
CREATE INDEX `notifications_next` ON `notifications` (`next_at_ms`) WHERE "notifications"."next_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `notifications_in_app` ON `notifications` (`recipient_id`,`sent_at_ms`,`id`) WHERE "notifications"."channel" = 'in_app' and "notifications"."sent_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `notifications_unread` ON `notifications` (`recipient_id`) WHERE "notifications"."channel" = 'in_app' and "notifications"."sent_at_ms" is not null and "notifications"."read_at_ms" is null;--> statement-breakpoint
CREATE INDEX `notifications_by_recipient` ON `notifications` (`recipient_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `notifications_by_state` ON `notifications` (`state`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `notifications_by_time` ON `notifications` (`created_at_ms`,`id`);