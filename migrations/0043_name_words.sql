CREATE TABLE `name_words` (
	`word` text NOT NULL,
	`person_id` text NOT NULL,
	PRIMARY KEY(`word`, `person_id`)
);
--> statement-breakpoint
CREATE INDEX `name_words_of` ON `name_words` (`person_id`);--> statement-breakpoint
DROP INDEX `accounts_patients_by_name`;--> statement-breakpoint
DROP INDEX `dependants_by_name`;