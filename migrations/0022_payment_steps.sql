ALTER TABLE `appointments` ADD `payment_required` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `appointments` ADD `payment_id` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `paid_minor` integer;--> statement-breakpoint
ALTER TABLE `appointments` ADD `paid_currency` text;--> statement-breakpoint
ALTER TABLE `appointments` ADD `paid_at_ms` integer;--> statement-breakpoint
ALTER TABLE `appointments` ADD `extended_at_ms` integer;--> statement-breakpoint
ALTER TABLE `doctors` ADD `payment_required` integer DEFAULT false NOT NULL;