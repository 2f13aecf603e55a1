ALTER TABLE `prescriptions` RENAME COLUMN "wrong_codes" TO "code_tries";--> statement-breakpoint
ALTER TABLE `prescriptions` RENAME COLUMN "wrong_since_ms" TO "tries_since_ms";