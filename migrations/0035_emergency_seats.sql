ALTER TABLE `appointments` ADD `priority` text DEFAULT 'routine' NOT NULL;--> statement-breakpoint
ALTER TABLE `extra_sessions` ADD `emergency_seats` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `weekly_rules` ADD `emergency_seats` integer DEFAULT 0 NOT NULL;