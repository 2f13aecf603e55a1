CREATE TABLE `drug_interactions` (
	`a` text NOT NULL,
	`b` text NOT NULL,
	`version` text NOT NULL,
	`severity` text NOT NULL,
	`text` text NOT NULL,
	`source` text,
	PRIMARY KEY(`a`, `b`, `version`),
	CONSTRAINT "drug_interactions_order" CHECK("drug_interactions"."a" <= "drug_interactions"."b")
);
--> statement-breakpoint
CREATE INDEX `drug_interactions_by_version` ON `drug_interactions` (`version`);--> statement-breakpoint
CREATE TABLE `drug_names` (
	`name` text NOT NULL,
	`concept` text NOT NULL,
	`is_class` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`name`, `concept`)
);
--> statement-breakpoint
CREATE TABLE `interaction_sets` (
	`name` text PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`rows` integer NOT NULL,
	`imported_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `interaction_sets_version` ON `interaction_sets` (`version`);--> statement-breakpoint
CREATE TABLE `prescription_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`jwk` text NOT NULL,
	`first_used_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `prescriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`patient_id` text NOT NULL,
	`doctor_id` text NOT NULL,
	`appointment_id` text NOT NULL,
	`content` text NOT NULL,
	`token_hash` text NOT NULL,
	`issued_at_ms` integer NOT NULL,
	`valid_until_ms` integer NOT NULL,
	`dispensed_at_ms` integer,
	`dispensed_by` text,
	`cancelled_at_ms` integer,
	`cancel_reason` text,
	`wrong_codes` integer DEFAULT 0 NOT NULL,
	`wrong_since_ms` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`doctor_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "prescriptions_one_end" CHECK("prescriptions"."dispensed_at_ms" is null or "prescriptions"."cancelled_at_ms" is null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `prescriptions_token` ON `prescriptions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `prescriptions_by_patient` ON `prescriptions` (`patient_id`,`issued_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `prescriptions_by_appointment` ON `prescriptions` (`appointment_id`);