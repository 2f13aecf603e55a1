CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text,
	`channel` text NOT NULL,
	`kind` text NOT NULL,
	`content` text,
	`created_at_ms` integer NOT NULL,
	`due_at_ms` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`sent_at_ms` integer,
	`failed_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`due_at_ms`) WHERE "messages"."due_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `messages_failed` ON `messages` (`failed_at_ms`,`id`) WHERE "messages"."failed_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `messages_by_age` ON `messages` (`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `messages_by_account` ON `messages` (`account_id`,`created_at_ms`);