-- A doctor's rating counts the reviews that are shown, whatever writes to them.
CREATE TRIGGER `reviews_rated` AFTER INSERT ON `reviews`
WHEN NEW.`hidden_at_ms` IS NULL AND NEW.`withdrawn_at_ms` IS NULL BEGIN
	UPDATE `doctors` SET `rating_count` = `rating_count` + 1, `rating_sum` = `rating_sum` + NEW.`stars`
	WHERE `id` = NEW.`doctor_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_rated_again` AFTER UPDATE ON `reviews` BEGIN
	UPDATE `doctors` SET
		`rating_count` = `rating_count` - (OLD.`hidden_at_ms` IS NULL AND OLD.`withdrawn_at_ms` IS NULL)
			+ (NEW.`hidden_at_ms` IS NULL AND NEW.`withdrawn_at_ms` IS NULL),
		`rating_sum` = `rating_sum` - (OLD.`hidden_at_ms` IS NULL AND OLD.`withdrawn_at_ms` IS NULL) * OLD.`stars`
			+ (NEW.`hidden_at_ms` IS NULL AND NEW.`withdrawn_at_ms` IS NULL) * NEW.`stars`
	WHERE `id` = NEW.`doctor_id` AND (
		(OLD.`hidden_at_ms` IS NULL AND OLD.`withdrawn_at_ms` IS NULL)
			<> (NEW.`hidden_at_ms` IS NULL AND NEW.`withdrawn_at_ms` IS NULL)
		OR OLD.`stars` <> NEW.`stars`);
END;
--> statement-breakpoint
CREATE TRIGGER `reviews_unrated` AFTER DELETE ON `reviews`
WHEN OLD.`hidden_at_ms` IS NULL AND OLD.`withdrawn_at_ms` IS NULL BEGIN
	UPDATE `doctors` SET `rating_count` = `rating_count` - 1, `rating_sum` = `rating_sum` - OLD.`stars`
	WHERE `id` = OLD.`doctor_id`;
END;
