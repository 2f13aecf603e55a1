CREATE TRIGGER `sessions_ended_with_devices` AFTER UPDATE OF `ended_at_ms` ON `sessions`
WHEN OLD.ended_at_ms IS NULL AND NEW.ended_at_ms IS NOT NULL BEGIN
	DELETE FROM push_subscriptions WHERE session_id = NEW.id;
	DELETE FROM push_subscriptions WHERE account_id = NEW.account_id AND session_id IS NULL
	AND NOT EXISTS (SELECT 1 FROM sessions WHERE account_id = NEW.account_id AND ended_at_ms IS NULL);
END;
