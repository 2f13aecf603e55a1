CREATE TABLE `event_counts` (
	`action` text PRIMARY KEY NOT NULL,
	`n` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `appointments_held` ON `appointments` (`expires_at_ms`) WHERE "appointments"."status" = 'pending';