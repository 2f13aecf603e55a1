ALTER TABLE `doctors` ADD `rating_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `doctors` ADD `rating_sum` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `doctors` ADD `rating_bayes_milli` integer GENERATED ALWAYS AS (case when rating_count > 0 then (1000 * (rating_sum + 40) + (rating_count + 10) / 2) / (rating_count + 10) end) VIRTUAL;--> statement-breakpoint
CREATE INDEX `doctors_by_rating` ON `doctors` (case when "rating_bayes_milli" is null then 0 else "rating_bayes_milli" end,`id`) WHERE "doctors"."verified_at_ms" is not null;