-- What was written into a record stays as it was written. An entry can be marked as withdrawn, once.
CREATE TRIGGER `health_records_no_update` BEFORE UPDATE ON `health_records`
WHEN OLD.`withdrawn_at_ms` IS NOT NULL OR NEW.`withdrawn_at_ms` IS NULL OR OLD.`kind` = 'note'
	OR NEW.`id` IS NOT OLD.`id` OR NEW.`patient_id` IS NOT OLD.`patient_id` OR NEW.`kind` IS NOT OLD.`kind`
	OR NEW.`at_ms` IS NOT OLD.`at_ms` OR NEW.`recorded_at_ms` IS NOT OLD.`recorded_at_ms`
	OR NEW.`author_id` IS NOT OLD.`author_id` OR NEW.`author_role` IS NOT OLD.`author_role`
	OR NEW.`appointment_id` IS NOT OLD.`appointment_id` OR NEW.`content` IS NOT OLD.`content` BEGIN
	SELECT RAISE(ABORT, 'records are append-only');
END;
--> statement-breakpoint
-- Only of somebody whose key is destroyed, so that nothing in it can be read any more.
CREATE TRIGGER `health_records_no_delete` BEFORE DELETE ON `health_records`
WHEN NOT EXISTS (SELECT 1 FROM `data_keys` WHERE `subject_id` = OLD.`patient_id` AND `destroyed_at_ms` IS NOT NULL) BEGIN
	SELECT RAISE(ABORT, 'records are append-only');
END;
--> statement-breakpoint
-- REPLACE fires no DELETE trigger: what stands is never replaced.
CREATE TRIGGER `health_records_no_replace` BEFORE INSERT ON `health_records`
WHEN EXISTS (SELECT 1 FROM `health_records` WHERE `id` = NEW.`id`) BEGIN
	SELECT RAISE(ABORT, 'records are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `note_versions_no_update` BEFORE UPDATE ON `note_versions` BEGIN
	SELECT RAISE(ABORT, 'records are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `note_versions_no_delete` BEFORE DELETE ON `note_versions`
WHEN NOT EXISTS (SELECT 1 FROM `data_keys` WHERE `subject_id` = OLD.`patient_id` AND `destroyed_at_ms` IS NOT NULL) BEGIN
	SELECT RAISE(ABORT, 'records are append-only');
END;
--> statement-breakpoint
-- REPLACE fires no DELETE trigger: what stands is never replaced.
CREATE TRIGGER `note_versions_no_replace` BEFORE INSERT ON `note_versions`
WHEN EXISTS (SELECT 1 FROM `note_versions` WHERE `record_id` = NEW.`record_id` AND `version` = NEW.`version`) BEGIN
	SELECT RAISE(ABORT, 'records are append-only');
END;
