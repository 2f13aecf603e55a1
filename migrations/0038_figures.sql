CREATE TABLE `daily_figures` (
	`doctor_id` text NOT NULL,
	`date` text NOT NULL,
	`clinic_id` text NOT NULL,
	`currency` text NOT NULL,
	`booked` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`no_shows` integer DEFAULT 0 NOT NULL,
	`cancelled_by_patient` integer DEFAULT 0 NOT NULL,
	`cancelled_by_practice` integer DEFAULT 0 NOT NULL,
	`expired` integer DEFAULT 0 NOT NULL,
	`rejected` integer DEFAULT 0 NOT NULL,
	`new_patients` integer DEFAULT 0 NOT NULL,
	`returning_patients` integer DEFAULT 0 NOT NULL,
	`lead_minutes` integer DEFAULT 0 NOT NULL,
	`taken` integer DEFAULT 0 NOT NULL,
	`filled` integer DEFAULT 0 NOT NULL,
	`offered` integer DEFAULT 0 NOT NULL,
	`income_minor` integer DEFAULT 0 NOT NULL,
	`reviews` integer DEFAULT 0 NOT NULL,
	`stars` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`doctor_id`, `date`, `clinic_id`, `currency`),
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `daily_figures_by_clinic` ON `daily_figures` (`clinic_id`,`date`,`doctor_id`) WHERE "daily_figures"."clinic_id" <> '';--> statement-breakpoint
CREATE TABLE `total_figures` (
	`scope` text NOT NULL,
	`date` text NOT NULL,
	`currency` text NOT NULL,
	`booked` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`no_shows` integer DEFAULT 0 NOT NULL,
	`cancelled_by_patient` integer DEFAULT 0 NOT NULL,
	`cancelled_by_practice` integer DEFAULT 0 NOT NULL,
	`expired` integer DEFAULT 0 NOT NULL,
	`rejected` integer DEFAULT 0 NOT NULL,
	`new_patients` integer DEFAULT 0 NOT NULL,
	`returning_patients` integer DEFAULT 0 NOT NULL,
	`lead_minutes` integer DEFAULT 0 NOT NULL,
	`taken` integer DEFAULT 0 NOT NULL,
	`filled` integer DEFAULT 0 NOT NULL,
	`offered` integer DEFAULT 0 NOT NULL,
	`income_minor` integer DEFAULT 0 NOT NULL,
	`reviews` integer DEFAULT 0 NOT NULL,
	`stars` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`scope`, `date`, `currency`)
);
--> statement-breakpoint
ALTER TABLE `doctor_days` ADD `figures_version` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `doctor_days_unfolded` ON `doctor_days` (`date`,`doctor_id`) WHERE "doctor_days"."figures_version" <> "doctor_days"."version";