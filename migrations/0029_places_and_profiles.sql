CREATE TABLE `doctor_languages` (
	`doctor_id` text NOT NULL,
	`language` text NOT NULL,
	`place` integer NOT NULL,
	PRIMARY KEY(`doctor_id`, `language`),
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `doctor_languages_by_language` ON `doctor_languages` (`language`,`doctor_id`);--> statement-breakpoint
CREATE TABLE `pictures` (
	`object_key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`media_type` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`stored_at_ms` integer,
	`deleted_at_ms` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pictures_of` ON `pictures` (`account_id`) WHERE "pictures"."stored_at_ms" is not null and "pictures"."deleted_at_ms" is null;--> statement-breakpoint
CREATE INDEX `pictures_by_account` ON `pictures` (`account_id`);--> statement-breakpoint
CREATE INDEX `pictures_deleted` ON `pictures` (`deleted_at_ms`) WHERE "pictures"."deleted_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `pictures_unstored` ON `pictures` (`created_at_ms`) WHERE "pictures"."stored_at_ms" is null;--> statement-breakpoint
CREATE TABLE `clinic_terms` (
	`clinic_id` text NOT NULL,
	`term` text NOT NULL,
	PRIMARY KEY(`clinic_id`, `term`),
	FOREIGN KEY (`clinic_id`) REFERENCES `clinics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `clinic_terms_by_term` ON `clinic_terms` (`term`,`clinic_id`);--> statement-breakpoint
CREATE TABLE `location_names` (
	`folded` text NOT NULL,
	`location_id` text NOT NULL,
	PRIMARY KEY(`folded`, `location_id`),
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `location_names_of` ON `location_names` (`location_id`);--> statement-breakpoint
CREATE TABLE `locations` (
	`id` text PRIMARY KEY NOT NULL,
	`parent_id` text,
	`level` integer NOT NULL,
	`country` text NOT NULL,
	`code` text,
	`name` text NOT NULL,
	`local_name` text,
	`folded_name` text NOT NULL,
	`path` text NOT NULL,
	FOREIGN KEY (`parent_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "locations_level" CHECK("locations"."level" between 0 and 3)
);
--> statement-breakpoint
CREATE INDEX `locations_by_parent` ON `locations` (`parent_id`,`folded_name`,`id`);--> statement-breakpoint
CREATE INDEX `locations_countries` ON `locations` (`folded_name`,`id`) WHERE "locations"."level" = 0;--> statement-breakpoint
CREATE INDEX `locations_by_path` ON `locations` (`path`,`id`);--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `organizations_by_name` ON `organizations` (`name`,`id`);--> statement-breakpoint
CREATE TABLE `cache_generations` (
	`tag` text PRIMARY KEY NOT NULL,
	`generation` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `search_word_keys` (
	`key` text NOT NULL,
	`word` text NOT NULL,
	PRIMARY KEY(`key`, `word`)
);
--> statement-breakpoint
CREATE INDEX `search_word_keys_of` ON `search_word_keys` (`word`);--> statement-breakpoint
CREATE TABLE `search_words` (
	`word` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `specialization_terms` (
	`name_lower` text NOT NULL,
	`term` text NOT NULL,
	`is_name` integer NOT NULL,
	PRIMARY KEY(`name_lower`, `term`)
);
--> statement-breakpoint
CREATE INDEX `specialization_terms_by_term` ON `specialization_terms` (`term`,`name_lower`,`is_name`);--> statement-breakpoint
CREATE TABLE `specializations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`folded_name` text NOT NULL,
	`synonyms` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `specializations_folded_name` ON `specializations` (`folded_name`);--> statement-breakpoint
CREATE TABLE `doctor_delays` (
	`doctor_id` text NOT NULL,
	`date` text NOT NULL,
	`minutes` integer NOT NULL,
	`said_at_ms` integer NOT NULL,
	PRIMARY KEY(`doctor_id`, `date`),
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `follow_ups` (
	`id` text PRIMARY KEY NOT NULL,
	`appointment_id` text NOT NULL,
	`doctor_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`from_date` text NOT NULL,
	`to_date` text NOT NULL,
	`note` text,
	`created_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `follow_ups_of_visit` ON `follow_ups` (`appointment_id`) WHERE "follow_ups"."ended_at_ms" is null;--> statement-breakpoint
CREATE INDEX `follow_ups_by_patient` ON `follow_ups` (`patient_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `follow_ups_by_doctor` ON `follow_ups` (`doctor_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `visits` (
	`appointment_id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`date` text NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`checked_in_at_ms` integer NOT NULL,
	`called_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `visits_by_day` ON `visits` (`doctor_id`,`date`);--> statement-breakpoint
DROP INDEX `doctor_terms_by_term`;--> statement-breakpoint
ALTER TABLE `doctor_terms` ADD `field` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `doctor_terms_by_term` ON `doctor_terms` (`term`,`doctor_id`,`field`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `time_zone` text;--> statement-breakpoint
ALTER TABLE `clinics` ADD `organization_id` text REFERENCES organizations(id);--> statement-breakpoint
ALTER TABLE `clinics` ADD `location_id` text REFERENCES locations(id);--> statement-breakpoint
ALTER TABLE `clinics` ADD `latitude` real;--> statement-breakpoint
ALTER TABLE `clinics` ADD `longitude` real;--> statement-breakpoint
ALTER TABLE `clinics` ADD `phone` text;--> statement-breakpoint
ALTER TABLE `clinics` ADD `opening_hours` text;--> statement-breakpoint
CREATE INDEX `clinics_by_organization` ON `clinics` (`organization_id`,`name`,`id`);--> statement-breakpoint
CREATE INDEX `clinics_by_location` ON `clinics` (`location_id`);--> statement-breakpoint
CREATE INDEX `clinics_by_position` ON `clinics` (`latitude`,`longitude`,`id`) WHERE "clinics"."latitude" is not null;--> statement-breakpoint
ALTER TABLE `doctors` ADD `gender` text DEFAULT 'undisclosed' NOT NULL;--> statement-breakpoint
CREATE INDEX `doctors_by_gender` ON `doctors` (`gender`,`id`) WHERE "doctors"."verified_at_ms" is not null;