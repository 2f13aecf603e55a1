CREATE TABLE `clinic_webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`clinic_id` text NOT NULL,
	`url` text NOT NULL,
	`events` text,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_until_ms` integer,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`off_reason` text,
	`off_at_ms` integer,
	`failing_since_ms` integer,
	`took_at_ms` integer,
	FOREIGN KEY (`clinic_id`) REFERENCES `clinics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `clinic_webhooks_by_clinic` ON `clinic_webhooks` (`clinic_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`webhook_id` text NOT NULL,
	`stream` text NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`at_ms` integer NOT NULL,
	`appointment_id` text NOT NULL,
	`facts` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`answer` text,
	`due_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`attempted_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_deliveries_once` ON `webhook_deliveries` (`webhook_id`,`stream`,`seq`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`due_at_ms`) WHERE "webhook_deliveries"."due_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `webhook_deliveries_by_webhook` ON `webhook_deliveries` (`webhook_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_by_appointment` ON `webhook_deliveries` (`appointment_id`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_by_age` ON `webhook_deliveries` (`created_at_ms`);