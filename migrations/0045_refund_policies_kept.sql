CREATE TABLE `__new_refund_policies` (
	`clinic_id` text NOT NULL,
	`holds_from_ms` integer NOT NULL,
	`steps` text NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`clinic_id`, `holds_from_ms`)
);
--> statement-breakpoint
INSERT INTO `__new_refund_policies`("clinic_id", "holds_from_ms", "steps", "updated_at_ms") SELECT "clinic_id", 0, "steps", "updated_at_ms" FROM `refund_policies`;--> statement-breakpoint
DROP TABLE `refund_policies`;--> statement-breakpoint
ALTER TABLE `__new_refund_policies` RENAME TO `refund_policies`;