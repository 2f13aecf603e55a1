CREATE TRIGGER `ledger_entries_balanced` AFTER INSERT ON `ledger_entries` BEGIN
	SELECT RAISE(ABORT, 'the postings of an entry come to zero') WHERE json_array_length(NEW.`postings`) < 2
		OR EXISTS (SELECT 1 FROM json_each(NEW.`postings`) GROUP BY value ->> '$.currency'
			HAVING sum(value ->> '$.amountMinor') <> 0)
		OR EXISTS (SELECT 1 FROM json_each(NEW.`postings`)
			WHERE typeof(value ->> '$.amountMinor') <> 'integer' OR value ->> '$.amountMinor' = 0);
	INSERT INTO `ledger_postings` (`entry_id`, `line`, `account`, `amount_minor`, `currency`, `at_ms`, `doctor_id`, `clinic_id`)
		SELECT NEW.`id`, key, value ->> '$.account', value ->> '$.amountMinor', value ->> '$.currency',
			NEW.`at_ms`, NEW.`doctor_id`, NEW.`clinic_id` FROM json_each(NEW.`postings`);
END;
--> statement-breakpoint
CREATE TRIGGER `ledger_entries_no_update` BEFORE UPDATE ON `ledger_entries` BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `ledger_entries_no_delete` BEFORE DELETE ON `ledger_entries` BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `ledger_postings_no_update` BEFORE UPDATE ON `ledger_postings` BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `ledger_postings_no_delete` BEFORE DELETE ON `ledger_postings` BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;
--> statement-breakpoint
-- Postings are written by their entry alone.
CREATE TRIGGER `ledger_postings_of_entry` BEFORE INSERT ON `ledger_postings`
WHEN NOT EXISTS (SELECT 1 FROM `ledger_entries` WHERE `id` = NEW.`entry_id`
	AND `postings` ->> ('$[' || NEW.`line` || '].amountMinor') = NEW.`amount_minor`
	AND `postings` ->> ('$[' || NEW.`line` || '].account') = NEW.`account`
	AND `postings` ->> ('$[' || NEW.`line` || '].currency') = NEW.`currency`) BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only: postings come with their entry');
END;
--> statement-breakpoint
CREATE TRIGGER `payment_documents_no_update` BEFORE UPDATE ON `payment_documents` BEGIN
	SELECT RAISE(ABORT, 'numbered documents are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `payment_documents_no_delete` BEFORE DELETE ON `payment_documents` BEGIN
	SELECT RAISE(ABORT, 'numbered documents are append-only');
END;
--> statement-breakpoint
-- The money of an appointment that is over is looked at, however its row came to say so.
CREATE TRIGGER `appointments_ended_paid` AFTER UPDATE OF `status` ON `appointments`
WHEN NEW.`status` IN ('completed', 'no_show', 'cancelled', 'rejected', 'expired') BEGIN
	UPDATE `payments` SET `due_at_ms` = NEW.`updated_at_ms` WHERE `appointment_id` = NEW.`id` AND `state` = 'kept';
END;
--> statement-breakpoint
CREATE TRIGGER `appointments_entered_paid` AFTER INSERT ON `appointments`
WHEN NEW.`status` IN ('completed', 'no_show', 'cancelled', 'rejected', 'expired') BEGIN
	UPDATE `payments` SET `due_at_ms` = NEW.`updated_at_ms` WHERE `appointment_id` = NEW.`id` AND `state` = 'kept';
END;
