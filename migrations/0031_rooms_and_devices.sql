CREATE TABLE `absence_items` (
	`absence_id` text NOT NULL,
	`appointment_id` text NOT NULL,
	`action` text NOT NULL,
	`slot_id` text,
	`state` text NOT NULL,
	`why` text,
	`settled_at_ms` integer,
	PRIMARY KEY(`absence_id`, `appointment_id`),
	FOREIGN KEY (`absence_id`) REFERENCES `absences`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `absences` (
	`id` text PRIMARY KEY NOT NULL,
	`doctor_id` text NOT NULL,
	`time_off_id` text NOT NULL,
	`actor` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`done_at_ms` integer,
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `absences_by_doctor` ON `absences` (`doctor_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `absences_under_way` ON `absences` (`created_at_ms`) WHERE "absences"."done_at_ms" is null;--> statement-breakpoint
CREATE TABLE `clinic_resources` (
	`id` text PRIMARY KEY NOT NULL,
	`clinic_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`active` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`clinic_id`) REFERENCES `clinics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `clinic_resources_by_clinic` ON `clinic_resources` (`clinic_id`,`kind`,`name`,`id`);--> statement-breakpoint
ALTER TABLE `appointments` ADD `reservation` text;--> statement-breakpoint
ALTER TABLE `extra_sessions` ADD `requires` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `weekly_rules` ADD `requires` text DEFAULT '[]' NOT NULL;