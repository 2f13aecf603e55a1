CREATE TABLE `reviews` (
	`id` text PRIMARY KEY NOT NULL,
	`appointment_id` text NOT NULL,
	`doctor_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`author_id` text NOT NULL,
	`number` integer NOT NULL,
	`stars` integer NOT NULL,
	`text` text NOT NULL,
	`shows_name` integer NOT NULL,
	`visited_on` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`edited_at_ms` integer,
	`reply` text,
	`replied_at_ms` integer,
	`hidden_at_ms` integer,
	`hidden_reason` text,
	`withdrawn_at_ms` integer,
	FOREIGN KEY (`doctor_id`) REFERENCES `doctors`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "reviews_stars" CHECK("reviews"."stars" between 1 and 5)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reviews_by_appointment` ON `reviews` (`appointment_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `reviews_by_number` ON `reviews` (`doctor_id`,`number`);--> statement-breakpoint
CREATE INDEX `reviews_shown` ON `reviews` (`doctor_id`,`number`) WHERE "reviews"."hidden_at_ms" is null and "reviews"."withdrawn_at_ms" is null;--> statement-breakpoint
CREATE INDEX `reviews_by_stars` ON `reviews` (`doctor_id`,`stars`,`number`) WHERE "reviews"."hidden_at_ms" is null and "reviews"."withdrawn_at_ms" is null;--> statement-breakpoint
CREATE INDEX `reviews_by_day` ON `reviews` (`doctor_id`,`visited_on`);--> statement-breakpoint
CREATE INDEX `reviews_by_author` ON `reviews` (`author_id`,`id`);--> statement-breakpoint
CREATE INDEX `reviews_by_patient` ON `reviews` (`patient_id`,`id`);--> statement-breakpoint
CREATE INDEX `reviews_by_age` ON `reviews` (`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `reviews_hidden` ON `reviews` (`created_at_ms`,`id`) WHERE "reviews"."hidden_at_ms" is not null;