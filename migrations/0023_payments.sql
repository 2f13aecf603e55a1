CREATE TABLE `ledger_entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`cause` text NOT NULL,
	`payment_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`doctor_id` text NOT NULL,
	`clinic_id` text,
	`postings` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ledger_entries_once` ON `ledger_entries` (`cause`);--> statement-breakpoint
CREATE INDEX `ledger_entries_by_payment` ON `ledger_entries` (`payment_id`,`id`);--> statement-breakpoint
CREATE TABLE `ledger_postings` (
	`entry_id` integer NOT NULL,
	`line` integer NOT NULL,
	`account` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`at_ms` integer NOT NULL,
	`doctor_id` text NOT NULL,
	`clinic_id` text,
	PRIMARY KEY(`entry_id`, `line`)
);
--> statement-breakpoint
CREATE INDEX `ledger_postings_by_account` ON `ledger_postings` (`account`,`at_ms`);--> statement-breakpoint
CREATE INDEX `ledger_postings_by_doctor` ON `ledger_postings` (`doctor_id`,`account`,`at_ms`);--> statement-breakpoint
CREATE INDEX `ledger_postings_by_clinic` ON `ledger_postings` (`clinic_id`,`account`,`at_ms`) WHERE "ledger_postings"."clinic_id" is not null;--> statement-breakpoint
CREATE TABLE `payment_documents` (
	`id` text PRIMARY KEY NOT NULL,
	`issuer_id` text NOT NULL,
	`kind` text NOT NULL,
	`number` integer NOT NULL,
	`payment_id` text NOT NULL,
	`refund_id` text DEFAULT '' NOT NULL,
	`issued_at_ms` integer NOT NULL,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_documents_number` ON `payment_documents` (`issuer_id`,`kind`,`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `payment_documents_once` ON `payment_documents` (`payment_id`,`kind`,`refund_id`);--> statement-breakpoint
CREATE TABLE `payment_events` (
	`id` text PRIMARY KEY NOT NULL,
	`gateway` text NOT NULL,
	`type` text NOT NULL,
	`facts` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	`applied_at_ms` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`due_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `payment_events_due` ON `payment_events` (`due_at_ms`) WHERE "payment_events"."due_at_ms" is not null;--> statement-breakpoint
CREATE INDEX `payment_events_by_age` ON `payment_events` (`received_at_ms`);--> statement-breakpoint
CREATE TABLE `payment_orders` (
	`id` text PRIMARY KEY NOT NULL,
	`appointment_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`doctor_id` text NOT NULL,
	`clinic_id` text,
	`gateway` text NOT NULL,
	`gateway_order_id` text,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`failed_attempts` integer DEFAULT 0 NOT NULL,
	`closed_at_ms` integer,
	`ask_at_ms` integer,
	CONSTRAINT "payment_orders_amount" CHECK("payment_orders"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_orders_open` ON `payment_orders` (`appointment_id`) WHERE "payment_orders"."closed_at_ms" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `payment_orders_at_gateway` ON `payment_orders` (`gateway_order_id`,`gateway`) WHERE "payment_orders"."gateway_order_id" is not null;--> statement-breakpoint
CREATE INDEX `payment_orders_by_appointment` ON `payment_orders` (`appointment_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payment_orders_by_patient` ON `payment_orders` (`patient_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payment_orders_to_ask` ON `payment_orders` (`ask_at_ms`) WHERE "payment_orders"."ask_at_ms" is not null;--> statement-breakpoint
CREATE TABLE `payment_refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`cause` text NOT NULL,
	`reason` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`state` text NOT NULL,
	`gateway_refund_id` text,
	`attempt` integer DEFAULT 1 NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`due_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`processed_at_ms` integer,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payment_refunds_amount" CHECK("payment_refunds"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_refunds_once` ON `payment_refunds` (`payment_id`,`cause`);--> statement-breakpoint
CREATE UNIQUE INDEX `payment_refunds_at_gateway` ON `payment_refunds` (`gateway_refund_id`) WHERE "payment_refunds"."gateway_refund_id" is not null;--> statement-breakpoint
CREATE INDEX `payment_refunds_due` ON `payment_refunds` (`due_at_ms`) WHERE "payment_refunds"."due_at_ms" is not null;--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`gateway` text NOT NULL,
	`gateway_payment_id` text NOT NULL,
	`appointment_id` text NOT NULL,
	`patient_id` text NOT NULL,
	`doctor_id` text NOT NULL,
	`clinic_id` text,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`state` text NOT NULL,
	`refusal` text,
	`refunded_minor` integer DEFAULT 0 NOT NULL,
	`captured_at_ms` integer NOT NULL,
	`settled_at_ms` integer,
	`concluded_at_ms` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`due_at_ms` integer,
	FOREIGN KEY (`order_id`) REFERENCES `payment_orders`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payments_amount" CHECK("payments"."amount_minor" > 0),
	CONSTRAINT "payments_refunded" CHECK("payments"."refunded_minor" between 0 and "payments"."amount_minor")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_at_gateway` ON `payments` (`gateway_payment_id`,`gateway`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_kept` ON `payments` (`appointment_id`) WHERE "payments"."state" in ('kept', 'concluded');--> statement-breakpoint
CREATE INDEX `payments_by_appointment` ON `payments` (`appointment_id`,`captured_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_patient` ON `payments` (`patient_id`,`captured_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_time` ON `payments` (`captured_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_state` ON `payments` (`state`,`captured_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_doctor` ON `payments` (`doctor_id`,`captured_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `payments_by_clinic` ON `payments` (`clinic_id`,`captured_at_ms`,`id`) WHERE "payments"."clinic_id" is not null;--> statement-breakpoint
CREATE INDEX `payments_due` ON `payments` (`due_at_ms`) WHERE "payments"."due_at_ms" is not null;--> statement-breakpoint
CREATE TABLE `refund_policies` (
	`clinic_id` text PRIMARY KEY NOT NULL,
	`steps` text NOT NULL,
	`updated_at_ms` integer NOT NULL
);
