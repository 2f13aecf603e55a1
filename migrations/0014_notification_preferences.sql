CREATE TABLE `notification_preferences` (
	`account_id` text PRIMARY KEY NOT NULL,
	`locale` text NOT NULL,
	`channels` text,
	`switches` text NOT NULL,
	`reminder_minutes` text,
	`patient_reminder_minutes` text,
	`quiet_hours` text,
	`revision` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
