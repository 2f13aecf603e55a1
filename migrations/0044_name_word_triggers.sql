CREATE TRIGGER `accounts_renamed` AFTER UPDATE OF `full_name` ON `accounts`
WHEN OLD.full_name IS NOT NEW.full_name BEGIN
	DELETE FROM name_words WHERE person_id = NEW.id;
	INSERT INTO name_words (word, person_id)
	SELECT DISTINCT lower(value), NEW.id
	FROM json_each('[' || replace(replace(json_quote(NEW.full_name), '-', ' '), ' ', '","') || ']') WHERE value <> '';
END;
--> statement-breakpoint
CREATE TRIGGER `dependants_named` AFTER INSERT ON `dependants` BEGIN
	INSERT INTO name_words (word, person_id)
	SELECT DISTINCT lower(value), NEW.id
	FROM json_each('[' || replace(replace(json_quote(NEW.full_name), '-', ' '), ' ', '","') || ']') WHERE value <> '';
END;
--> statement-breakpoint
CREATE TRIGGER `dependants_renamed` AFTER UPDATE OF `full_name` ON `dependants`
WHEN OLD.full_name IS NOT NEW.full_name BEGIN
	DELETE FROM name_words WHERE person_id = NEW.id;
	INSERT INTO name_words (word, person_id)
	SELECT DISTINCT lower(value), NEW.id
	FROM json_each('[' || replace(replace(json_quote(NEW.full_name), '-', ' '), ' ', '","') || ']') WHERE value <> '';
END;
--> statement-breakpoint
INSERT INTO name_words (word, person_id)
SELECT DISTINCT lower(value), named.id
FROM (SELECT id, full_name FROM accounts UNION ALL SELECT id, full_name FROM dependants) AS named,
	json_each('[' || replace(replace(json_quote(named.full_name), '-', ' '), ' ', '","') || ']') WHERE value <> '';
