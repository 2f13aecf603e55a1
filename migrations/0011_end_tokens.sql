CREATE TRIGGER `sessions_ended` AFTER UPDATE OF `ended_at_ms` ON `sessions`
WHEN OLD.ended_at_ms IS NULL AND NEW.ended_at_ms IS NOT NULL BEGIN
	INSERT INTO endings (subject, account_id, at_ms) VALUES (NEW.id, NEW.account_id, CAST(unixepoch('subsec') * 1000 AS INTEGER))
	ON CONFLICT (subject) DO UPDATE SET at_ms = excluded.at_ms;
END;
--> statement-breakpoint
CREATE TRIGGER `accounts_standing_changed` AFTER UPDATE OF `role`, `permissions`, `deactivated_at_ms` ON `accounts`
WHEN OLD.role IS NOT NEW.role OR OLD.permissions IS NOT NEW.permissions OR OLD.deactivated_at_ms IS NOT NEW.deactivated_at_ms BEGIN
	INSERT INTO endings (subject, account_id, at_ms) VALUES (NEW.id, NEW.id, CAST(unixepoch('subsec') * 1000 AS INTEGER))
	ON CONFLICT (subject) DO UPDATE SET at_ms = excluded.at_ms;
END;
--> statement-breakpoint
CREATE TRIGGER `clinic_staff_added` AFTER INSERT ON `clinic_staff` BEGIN
	INSERT INTO endings (subject, account_id, at_ms) VALUES (NEW.account_id, NEW.account_id, CAST(unixepoch('subsec') * 1000 AS INTEGER))
	ON CONFLICT (subject) DO UPDATE SET at_ms = excluded.at_ms;
END;
--> statement-breakpoint
CREATE TRIGGER `clinic_staff_removed` AFTER DELETE ON `clinic_staff` BEGIN
	INSERT INTO endings (subject, account_id, at_ms) VALUES (OLD.account_id, OLD.account_id, CAST(unixepoch('subsec') * 1000 AS INTEGER))
	ON CONFLICT (subject) DO UPDATE SET at_ms = excluded.at_ms;
END;
--> statement-breakpoint
CREATE TRIGGER `dependants_removed` AFTER UPDATE OF `removed_at_ms` ON `dependants`
WHEN OLD.removed_at_ms IS NOT NEW.removed_at_ms BEGIN
	INSERT INTO endings (subject, account_id, at_ms) VALUES (NEW.guardian_id, NEW.guardian_id, CAST(unixepoch('subsec') * 1000 AS INTEGER))
	ON CONFLICT (subject) DO UPDATE SET at_ms = excluded.at_ms;
END;
