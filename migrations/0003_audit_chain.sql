CREATE TABLE `audit_seals` (
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`stream`, `seq`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `audit_unsealed` (
	`stream` text PRIMARY KEY NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `record_accesses` (
	`patient_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`patient_id`, `at_ms`, `stream`, `seq`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `audit_events_by_actor` ON `audit_events` (`actor_id`,`at_ms`,`stream`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_events_by_action` ON `audit_events` (`action`,`at_ms`,`stream`,`seq`);