CREATE TABLE `push_subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`service` text NOT NULL,
	`name` text NOT NULL,
	`address_hash` text NOT NULL,
	`device` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`last_used_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `push_subscriptions_address` ON `push_subscriptions` (`address_hash`);--> statement-breakpoint
CREATE INDEX `push_subscriptions_by_account` ON `push_subscriptions` (`account_id`,`created_at_ms`);--> statement-breakpoint
ALTER TABLE `messages` ADD `expires_at_ms` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `delivered_at_ms` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `failure` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `receipt` text;