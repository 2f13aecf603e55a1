CREATE TRIGGER `audit_events_no_update` BEFORE UPDATE ON `audit_events` BEGIN
	SELECT RAISE(ABORT, 'the audit is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_no_delete` BEFORE DELETE ON `audit_events` BEGIN
	SELECT RAISE(ABORT, 'the audit is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_seals_no_update` BEFORE UPDATE ON `audit_seals` BEGIN
	SELECT RAISE(ABORT, 'the audit is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_seals_no_delete` BEFORE DELETE ON `audit_seals` BEGIN
	SELECT RAISE(ABORT, 'the audit is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `record_accesses_no_update` BEFORE UPDATE ON `record_accesses` BEGIN
	SELECT RAISE(ABORT, 'the audit is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `record_accesses_no_delete` BEFORE DELETE ON `record_accesses` BEGIN
	SELECT RAISE(ABORT, 'the audit is append-only');
END;
--> statement-breakpoint
-- REPLACE fires no DELETE trigger: what stands is never replaced, and writing it again changes nothing.
CREATE TRIGGER `audit_events_no_replace` BEFORE INSERT ON `audit_events`
WHEN EXISTS (SELECT 1 FROM `audit_events` WHERE `stream` = NEW.`stream` AND `seq` = NEW.`seq`) BEGIN
	SELECT RAISE(IGNORE);
END;
--> statement-breakpoint
-- REPLACE fires no DELETE trigger: what stands is never replaced, and writing it again changes nothing.
CREATE TRIGGER `audit_seals_no_replace` BEFORE INSERT ON `audit_seals`
WHEN EXISTS (SELECT 1 FROM `audit_seals` WHERE `stream` = NEW.`stream` AND `seq` = NEW.`seq`) BEGIN
	SELECT RAISE(IGNORE);
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_unsealed` AFTER INSERT ON `audit_events` WHEN NEW.`stream` NOT GLOB 'day:*' BEGIN
	INSERT INTO `audit_unsealed` (`stream`) VALUES (NEW.`stream`) ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER `audit_events_accesses` AFTER INSERT ON `audit_events`
WHEN json_type(NEW.`data`, '$.patientIds') = 'array' BEGIN
	INSERT INTO `record_accesses` (`patient_id`, `at_ms`, `stream`, `seq`)
	SELECT value, NEW.`at_ms`, NEW.`stream`, NEW.`seq` FROM json_each(NEW.`data`, '$.patientIds') WHERE true
	ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
INSERT INTO `audit_unsealed` (`stream`) SELECT DISTINCT `stream` FROM `audit_events` WHERE `stream` NOT GLOB 'day:*';
