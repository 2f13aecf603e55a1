CREATE TABLE `erasures` (
	`account_id` text PRIMARY KEY NOT NULL,
	`actor_id` text NOT NULL,
	`actor_role` text NOT NULL,
	`step` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`due_at_ms` integer,
	`done_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `erasures_due` ON `erasures` (`due_at_ms`) WHERE "erasures"."due_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `dependants_of_guardian` ON `dependants` (`guardian_id`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_by_account` ON `sessions` (`account_id`,`id`);