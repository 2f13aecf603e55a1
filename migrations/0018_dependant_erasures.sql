CREATE TABLE `__new_erasures` (
	`account_id` text PRIMARY KEY NOT NULL,
	`actor_id` text NOT NULL,
	`actor_role` text NOT NULL,
	`step` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`due_at_ms` integer,
	`done_at_ms` integer
);
--> statement-breakpoint
INSERT INTO `__new_erasures`("account_id", "actor_id", "actor_role", "step", "started_at_ms", "due_at_ms", "done_at_ms") SELECT "account_id", "actor_id", "actor_role", "step", "started_at_ms", "due_at_ms", "done_at_ms" FROM `erasures`;--> statement-breakpoint
DROP TABLE `erasures`;--> statement-breakpoint
ALTER TABLE `__new_erasures` RENAME TO `erasures`;--> statement-breakpoint
CREATE INDEX `erasures_due` ON `erasures` (`due_at_ms`) WHERE "erasures"."due_at_ms" is not null;