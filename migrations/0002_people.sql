CREATE TABLE `data_keys` (
	`subject_id` text PRIMARY KEY NOT NULL,
	`wrapped` text,
	`master_id` text,
	`created_at_ms` integer NOT NULL,
	`destroyed_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `data_keys_by_master` ON `data_keys` (`master_id`,`subject_id`) WHERE "data_keys"."master_id" is not null;--> statement-breakpoint
CREATE TABLE `break_glass` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`reason` text NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`ends_at_ms` integer NOT NULL,
	FOREIGN KEY (`doctor_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `break_glass_open` ON `break_glass` (`doctor_id`,`patient_id`,`ends_at_ms`);--> statement-breakpoint
CREATE INDEX `break_glass_by_doctor` ON `break_glass` (`doctor_id`,`opened_at_ms`);--> statement-breakpoint
CREATE INDEX `break_glass_by_time` ON `break_glass` (`opened_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `break_glass_by_patient` ON `break_glass` (`patient_id`,`opened_at_ms`);--> statement-breakpoint
CREATE TABLE `clinic_staff` (
	`account_id` text NOT NULL,
	`clinic_id` text NOT NULL,
	`added_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `clinic_id`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`clinic_id`) REFERENCES `clinics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `clinic_staff_by_clinic` ON `clinic_staff` (`clinic_id`,`added_at_ms`,`account_id`);--> statement-breakpoint
CREATE TABLE `dependants` (
	`id` text PRIMARY KEY NOT NULL,
	`guardian_id` text NOT NULL,
	`full_name` text NOT NULL,
	`birth_date` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`removed_at_ms` integer,
	FOREIGN KEY (`guardian_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `dependants_by_guardian` ON `dependants` (`guardian_id`,`created_at_ms`,`id`) WHERE "dependants"."removed_at_ms" is null;--> statement-breakpoint
CREATE INDEX `dependants_by_name` ON `dependants` ("full_name" collate nocase,`id`) WHERE "dependants"."removed_at_ms" is null;--> statement-breakpoint
ALTER TABLE `accounts` ADD `permissions` text;--> statement-breakpoint
CREATE INDEX `accounts_patients_by_name` ON `accounts` ("full_name" collate nocase,`id`) WHERE "accounts"."role" = 'patient';--> statement-breakpoint
CREATE INDEX `appointments_by_clinic` ON `appointments` (`clinic_id`,`starts_at_ms`,`id`) WHERE "appointments"."clinic_id" is not null;--> statement-breakpoint
CREATE INDEX `appointments_outside_schedule` ON `appointments` (`doctor_id`,`starts_at_ms`,`id`) WHERE "appointments"."outside_schedule" = 1;