ALTER TABLE `notifications` ADD `ends_at_ms` integer;--> statement-breakpoint
ALTER TABLE `notifications` ADD `time_zone` text;--> statement-breakpoint
ALTER TABLE `notifications` ADD `doctor_id` text;--> statement-breakpoint
ALTER TABLE `notifications` ADD `clinic_id` text;--> statement-breakpoint
ALTER TABLE `notifications` ADD `mode` text;--> statement-breakpoint
ALTER TABLE `notifications` ADD `previous_time_zone` text;